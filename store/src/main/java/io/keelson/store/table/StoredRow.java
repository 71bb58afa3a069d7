package io.keelson.store.table;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiRecord;
import io.keelson.api.EncodedOnce;
import io.keelson.api.Ref;
import io.keelson.store.Row;

/** One version of an object. */
final class StoredRow<R extends ApiRecord> implements Row<R> {
  private final Ref<R> ref;
  private final R record;
  private final long created;
  private final long modified;
  private final long touched;
  private final EncodedOnce encoded;

  StoredRow(ApiClass<R> apiClass, Ref<R> ref, R record, long created, long modified, long touched) {
    this.ref = ref;
    this.record = record;
    this.created = created;
    this.modified = modified;
    this.touched = touched;
    this.encoded = new EncodedOnce(out -> apiClass.write(record, out));
  }

  @Override
  public Ref<R> ref() {
    return ref;
  }

  @Override
  public R record() {
    return record;
  }

  @Override
  public long created() {
    return created;
  }

  @Override
  public long modified() {
    return modified;
  }

  @Override
  public long touched() {
    return touched;
  }

  @Override
  public EncodedOnce encoded() {
    return encoded;
  }

  @Override
  public String toString() {
    return ref + "@" + modified;
  }
}
