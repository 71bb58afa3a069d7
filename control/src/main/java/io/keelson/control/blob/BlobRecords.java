package io.keelson.control.blob;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.api.Ref;
import io.keelson.api.model.Blob;
import io.keelson.api.model.BlobFields;
import io.keelson.api.model.HostFields;
import io.keelson.api.model.NetworkFields;
import io.keelson.api.model.PoolFields;
import io.keelson.api.model.SrFields;
import io.keelson.api.model.VmFields;
import io.keelson.store.Row;
import io.keelson.store.Transaction;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Makes and deletes the records of blobs. The files of blobs that have no record any more are
 * removed later, see {@link Blobs#sweep}.
 */
public final class BlobRecords {
  private static final String USUAL_TYPE = "application/octet-stream";

  private BlobRecords() {}

  static Ref<Blob> create(Transaction tx, String mimeType, boolean isPublic) {
    return tx.create(
        ApiModel.BLOB,
        BlobFields.API_CLASS
            .blank()
            .with(b ->
                b.uuid(UUID.randomUUID().toString())
                    .mimeType(mimeType.isEmpty() ? USUAL_TYPE : mimeType)
                    .public_(isPublic)));
  }

  /**
   * Makes a blob that belongs to an object.
   *
   * @param blobs the object's field
   * @throws io.keelson.api.ApiError HANDLE_INVALID, MAP_DUPLICATE_KEY
   */
  static <R extends ApiRecord> Ref<Blob> create(
      Transaction tx,
      ApiClass<R> apiClass,
      Field<R, Map<String, Ref<Blob>>> blobs,
      Ref<R> owner,
      Blob wanted) {
    Map<String, Ref<Blob>> before = blobs.of(tx.get(apiClass, owner));
    String name = wanted.nameLabel();
    if (before.containsKey(name)) {
      throw ApiErrors.mapDuplicateKey(apiClass.name(), blobs.name(), owner.text(), name);
    }
    Ref<Blob> made = create(tx, wanted.mimeType(), wanted.public_());
    Map<String, Ref<Blob>> after = new LinkedHashMap<>(before);
    after.put(name, made);
    tx.update(apiClass, owner, r -> blobs.with(r, Map.copyOf(after)));
    return made;
  }

  /** Removes the blobs of an object that is gone. */
  public static void drop(Transaction tx, Map<String, Ref<Blob>> blobs) {
    blobs.values().stream()
        .filter(blob -> tx.find(ApiModel.BLOB, blob).isPresent())
        .forEach(blob -> tx.delete(ApiModel.BLOB, blob));
  }

  /** Removes a blob, and its name from whatever it belongs to. */
  static void destroy(Transaction tx, Ref<Blob> blob) {
    forget(tx, ApiModel.VM, VmFields.BLOBS, blob);
    forget(tx, ApiModel.SR, SrFields.BLOBS, blob);
    forget(tx, ApiModel.NETWORK, NetworkFields.BLOBS, blob);
    forget(tx, ApiModel.HOST, HostFields.BLOBS, blob);
    forget(tx, ApiModel.POOL, PoolFields.BLOBS, blob);
    tx.delete(ApiModel.BLOB, blob);
  }

  private static <R extends ApiRecord> void forget(
      Transaction tx,
      ApiClass<R> apiClass,
      Field<R, Map<String, Ref<Blob>>> blobs,
      Ref<Blob> gone) {
    List<Ref<R>> owners =
        tx.rows(apiClass)
            .filter(row -> blobs.of(row.record()).containsValue(gone))
            .map(Row::ref)
            .toList();
    owners.forEach(
        owner -> tx.update(apiClass, owner, r -> blobs.with(r, without(blobs.of(r), gone))));
  }

  private static Map<String, Ref<Blob>> without(Map<String, Ref<Blob>> blobs, Ref<Blob> gone) {
    Map<String, Ref<Blob>> rest = new LinkedHashMap<>(blobs);
    Collection<Ref<Blob>> values = rest.values();
    values.removeIf(gone::equals);
    return Map.copyOf(rest);
  }
}
