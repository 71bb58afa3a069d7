package io.keelson.control.vm.power;

import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import java.util.List;

/** Where a VM is to run. */
sealed interface Choice {

  /** There, or nowhere. */
  record This(Ref<Host> host) implements Choice {}

  /**
   * Wherever the pool finds room for it.
   *
   * @param recommended hosts to be tried first, in this order
   */
  record Any(List<Ref<Host>> recommended) implements Choice {
    public Any {
      recommended = List.copyOf(recommended);
    }
  }
}
