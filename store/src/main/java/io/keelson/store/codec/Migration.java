package io.keelson.store.codec;

import java.util.Optional;

/** A step from one version of the stored model to the next. */
public interface Migration {

  /** The version that it starts from; it leads to the one after. */
  int from();

  /** What it does, for the log. */
  String name();

  /**
   * Turns an object, or the fields that a change sets, into what the next version calls it.
   *
   * @return empty when the next version has no such objects
   */
  Optional<RawObject> upgrade(RawObject object);
}
