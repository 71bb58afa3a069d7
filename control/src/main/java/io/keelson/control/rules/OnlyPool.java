package io.keelson.control.rules;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pool;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.util.Optional;

/** The pool: from the first start on there is one object of its class. */
public final class OnlyPool {
  private OnlyPool() {}

  /** The pool of a server that has started. */
  public static Row<Pool> row(Snapshot state) {
    return state.rows(ApiModel.POOL).findFirst().orElseThrow();
  }

  /** Its coordinator; the null reference in a store that nobody has used yet. */
  public static Ref<Host> master(Snapshot state) {
    return find(state).map(Pool::master).orElse(Ref.none());
  }

  /** The pool; none in a store that nobody has used yet. */
  public static Optional<Pool> find(Snapshot state) {
    return state.rows(ApiModel.POOL).map(Row::record).findFirst();
  }
}
