package io.keelson.store.table;

import io.keelson.store.ObjectId;
import java.util.List;

/**
 * What became of a state.
 *
 * @param changed the objects made, changed or removed
 */
public record Edit(State before, State after, List<ObjectId<?>> changed) {

  /** Whether a state has the very objects that the edit started from. */
  @SuppressWarnings("ReferenceEquality") // equal ones would have to be compared row by row
  public boolean startsFrom(State state) {
    return before.tables() == state.tables();
  }
}
