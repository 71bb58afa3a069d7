package io.keelson.store;

import io.keelson.api.ApiRecord;
import io.keelson.api.EncodedOnce;
import io.keelson.api.Ref;

/** One object at one instant. */
public interface Row<R extends ApiRecord> {

  Ref<R> ref();

  /** Its fields, the computed sides of relations included. */
  R record();

  /** Generation of the change that made it. */
  long created();

  /** Generation of the last change to it. */
  long modified();

  /** Stamp of the last change to its volatile fields; 0 when there was none. */
  long touched();

  /** The record as get_record shows it; encoded once for all who ask. */
  EncodedOnce encoded();
}
