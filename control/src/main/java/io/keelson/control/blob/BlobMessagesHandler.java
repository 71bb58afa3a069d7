package io.keelson.control.blob;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.BoundMessage;
import io.keelson.api.Call;
import io.keelson.api.Field;
import io.keelson.api.Ref;
import io.keelson.api.messages.BlobMessages;
import io.keelson.api.messages.HostBlobs;
import io.keelson.api.messages.NetworkBlobs;
import io.keelson.api.messages.PoolBlobs;
import io.keelson.api.messages.SrBlobs;
import io.keelson.api.messages.VmBlobs;
import io.keelson.api.model.Blob;
import io.keelson.api.model.BlobFields;
import io.keelson.api.model.HostFields;
import io.keelson.api.model.NetworkFields;
import io.keelson.api.model.PoolFields;
import io.keelson.api.model.SrFields;
import io.keelson.api.model.VmFields;
import io.keelson.store.Store;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Making and destroying blobs, by themselves and as parts of objects. */
final class BlobMessagesHandler implements BlobMessages {
  private final Store store;
  private final Blobs blobs;

  BlobMessagesHandler(Store store, Blobs blobs) {
    this.store = store;
    this.blobs = blobs;
  }

  List<BoundMessage> all() {
    return Stream.of(
            BlobMessages.bind(this),
            VmBlobs.bind((_, owner, name, type, open) ->
                create(ApiModel.VM, VmFields.BLOBS, owner, wanted(name, type, open))),
            SrBlobs.bind((_, owner, name, type, open) ->
                create(ApiModel.SR, SrFields.BLOBS, owner, wanted(name, type, open))),
            NetworkBlobs.bind((_, owner, name, type, open) ->
                create(ApiModel.NETWORK, NetworkFields.BLOBS, owner, wanted(name, type, open))),
            HostBlobs.bind((_, owner, name, type, open) ->
                create(ApiModel.HOST, HostFields.BLOBS, owner, wanted(name, type, open))),
            PoolBlobs.bind((_, owner, name, type, open) ->
                create(ApiModel.POOL, PoolFields.BLOBS, owner, wanted(name, type, open))))
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public Ref<Blob> create(Call call, String mimeType, boolean isPublic) {
    return store.transact(tx -> BlobRecords.create(tx, mimeType, isPublic));
  }

  @Override
  public void destroy(Call call, Ref<Blob> self) {
    store.change(tx -> BlobRecords.destroy(tx, self));
    blobs.sweep();
  }

  private <R extends ApiRecord> Ref<Blob> create(
      ApiClass<R> apiClass, Field<R, Map<String, Ref<Blob>>> field, Ref<R> owner, Blob wanted) {
    return store.transact(tx -> BlobRecords.create(tx, apiClass, field, owner, wanted));
  }

  private static Blob wanted(String name, String mimeType, boolean isPublic) {
    return BlobFields.API_CLASS
        .blank()
        .with(b -> b.nameLabel(name).mimeType(mimeType).public_(isPublic));
  }
}
