package io.keelson.control.access;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.UserLifecycle;
import io.keelson.api.model.User;
import io.keelson.control.session.Accounts;
import io.keelson.store.Store;
import java.util.UUID;

/** Accounts of this host. One that is made has no password, so nobody logs in to it. */
final class UserHandler implements UserLifecycle {
  private final Store store;

  UserHandler(Store store) {
    this.store = store;
  }

  @Override
  public Ref<User> create(Call call, User args) {
    return store.transact(tx -> {
      boolean taken =
          tx.rows(ApiModel.USER).anyMatch(r -> r.record().shortName().equals(args.shortName()));
      if (taken) {
        throw ApiErrors.dbUniquenessConstraintViolation("user", "short_name", args.shortName());
      }
      return tx.create(ApiModel.USER, args.with(b -> b.uuid(UUID.randomUUID().toString())));
    });
  }

  @Override
  public void destroy(Call call, Ref<User> self) {
    store.change(tx -> {
      if (tx.get(ApiModel.USER, self).shortName().equals(Accounts.ROOT)) {
        throw ApiErrors.operationNotAllowed("The superuser's account cannot be destroyed");
      }
      tx.delete(ApiModel.USER, self);
    });
  }
}
