package io.keelson.store;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiRecord;
import io.keelson.api.Ref;
import java.util.function.UnaryOperator;

/** Sets the fields that change by themselves. */
public interface Overlay extends Snapshot {

  /** Changes an object's volatile fields; nothing happens when the object is gone. */
  <R extends ApiRecord> void set(ApiClass<R> apiClass, Ref<R> ref, UnaryOperator<R> change);
}
