package io.keelson.control.access;

import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.SecretLifecycle;
import io.keelson.api.model.Secret;
import io.keelson.store.Store;
import java.util.UUID;

/** Making and destroying secrets. */
final class SecretHandler implements SecretLifecycle {
  private final Store store;

  SecretHandler(Store store) {
    this.store = store;
  }

  @Override
  public Ref<Secret> create(Call call, Secret args) {
    return store.transact(
        tx -> tx.create(ApiModel.SECRET, args.with(b -> b.uuid(UUID.randomUUID().toString()))));
  }

  @Override
  public void destroy(Call call, Ref<Secret> self) {
    store.change(tx -> tx.delete(ApiModel.SECRET, self));
  }
}
