package io.keelson.control.gpu;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.HostDisplay;
import io.keelson.api.model.Pgpu;
import io.keelson.api.model.PgpuDom0Access;
import io.keelson.store.Row;
import io.keelson.store.Transaction;
import java.util.List;

/** What changes when a host boots: whether its own system has its screens and GPUs. */
public final class BootStates {
  private BootStates() {}

  /** The host's machine has booted: what was to be is so now. */
  public static void booted(Transaction tx, Ref<Host> host) {
    tx.update(
        ApiModel.HOST,
        host,
        h ->
            h.with(b ->
                b.display(
                    switch (h.display()) {
                      case ENABLED, ENABLE_ON_REBOOT -> HostDisplay.ENABLED;
                      case DISABLED, DISABLE_ON_REBOOT -> HostDisplay.DISABLED;
                    })));
    List<Row<Pgpu>> gpus =
        tx.rows(ApiModel.PGPU).filter(gpu -> gpu.record().host().equals(host)).toList();
    for (Row<Pgpu> gpu : gpus) {
      PgpuDom0Access now =
          switch (gpu.record().dom0Access()) {
            case ENABLED, ENABLE_ON_REBOOT -> PgpuDom0Access.ENABLED;
            case DISABLED, DISABLE_ON_REBOOT -> PgpuDom0Access.DISABLED;
          };
      tx.update(ApiModel.PGPU, gpu.ref(), g -> g.with(b -> b.dom0Access(now)));
    }
  }

  static HostDisplay enabling(HostDisplay now) {
    return switch (now) {
      case ENABLED, DISABLE_ON_REBOOT -> HostDisplay.ENABLED;
      case DISABLED, ENABLE_ON_REBOOT -> HostDisplay.ENABLE_ON_REBOOT;
    };
  }

  static HostDisplay disabling(HostDisplay now) {
    return switch (now) {
      case ENABLED, DISABLE_ON_REBOOT -> HostDisplay.DISABLE_ON_REBOOT;
      case DISABLED, ENABLE_ON_REBOOT -> HostDisplay.DISABLED;
    };
  }

  static PgpuDom0Access enabling(PgpuDom0Access now) {
    return switch (now) {
      case ENABLED, DISABLE_ON_REBOOT -> PgpuDom0Access.ENABLED;
      case DISABLED, ENABLE_ON_REBOOT -> PgpuDom0Access.ENABLE_ON_REBOOT;
    };
  }

  static PgpuDom0Access disabling(PgpuDom0Access now) {
    return switch (now) {
      case ENABLED, DISABLE_ON_REBOOT -> PgpuDom0Access.DISABLE_ON_REBOOT;
      case DISABLED, ENABLE_ON_REBOOT -> PgpuDom0Access.DISABLED;
    };
  }

  /** Whether the host shows its console on its screens now. */
  static boolean isShown(HostDisplay display) {
    return switch (display) {
      case ENABLED, DISABLE_ON_REBOOT -> true;
      case DISABLED, ENABLE_ON_REBOOT -> false;
    };
  }

  /** Whether the host's own system may use the processor now. */
  static boolean isUsable(PgpuDom0Access access) {
    return switch (access) {
      case ENABLED, DISABLE_ON_REBOOT -> true;
      case DISABLED, ENABLE_ON_REBOOT -> false;
    };
  }
}
