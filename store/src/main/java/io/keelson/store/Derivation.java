package io.keelson.store;

import java.util.List;

/**
 * Keeps fields that follow from others (allowed_operations) right: called with every change before
 * anybody sees it, it may set volatile fields, which then belong to the same change.
 */
@FunctionalInterface
public interface Derivation {
  Derivation NONE = (_, _) -> {};

  /**
   * @param changed the objects made, changed or removed
   * @param state the new state, whose volatile fields can be set
   */
  void derive(List<ObjectId<?>> changed, Overlay state);
}
