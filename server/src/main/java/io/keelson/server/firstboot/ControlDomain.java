package io.keelson.server.firstboot;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.OnCrashBehaviour;
import io.keelson.api.model.OnNormalExit;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmMetrics;
import io.keelson.api.model.VmMetricsFields;
import io.keelson.api.model.VmPowerState;
import io.keelson.store.Row;
import io.keelson.store.Transaction;
import java.util.Optional;
import java.util.UUID;

/**
 * The VM record that stands for what the host itself runs. It takes part in the accounting of
 * memory with what is kept back for the system.
 */
final class ControlDomain {
  private static final long MIB = 1L << 20;
  private static final long LEAST = 256 * MIB;
  private static final long MOST = 4096 * MIB;

  private ControlDomain() {}

  static void refresh(Transaction tx, Ref<Host> host, HostFacts facts) {
    Ref<Vm> vm = find(tx, host).orElseGet(() -> make(tx, host));
    long memory = memory(facts.machine().memoryTotalBytes());
    long processors = facts.machine().processors().size();
    tx.update(
        ApiModel.VM,
        vm,
        record ->
            record.with(b ->
                b.nameLabel("Control domain on host: " + facts.machine().hostname())
                    .memoryStaticMin(memory)
                    .memoryDynamicMin(memory)
                    .memoryDynamicMax(memory)
                    .memoryStaticMax(memory)
                    .memoryTarget(memory)
                    .vcpusMax(processors)
                    .vcpusAtStartup(processors)));
    tx.update(
        ApiModel.VM_METRICS,
        tx.get(ApiModel.VM, vm).metrics(),
        m -> m.with(b -> b.vcpusNumber(processors).startTime(facts.machine().bootTime())));
  }

  private static Optional<Ref<Vm>> find(Transaction tx, Ref<Host> host) {
    return tx.rows(ApiModel.VM)
        .filter(row -> row.record().isControlDomain() && row.record().residentOn().equals(host))
        .map(Row::ref)
        .findFirst();
  }

  private static Ref<Vm> make(Transaction tx, Ref<Host> host) {
    Ref<VmMetrics> metrics =
        tx.create(
            ApiModel.VM_METRICS,
            VmMetricsFields.API_CLASS.blank().with(b -> b.uuid(UUID.randomUUID().toString())));
    return tx.create(
        ApiModel.VM,
        VmFields.API_CLASS
            .blank()
            .with(b ->
                b.uuid(UUID.randomUUID().toString())
                    .nameDescription("What the host itself runs")
                    .isControlDomain(true)
                    .powerState(VmPowerState.RUNNING)
                    .domid(0)
                    .affinity(host)
                    .residentOn(host)
                    .metrics(metrics)
                    .actionsAfterShutdown(OnNormalExit.DESTROY)
                    .actionsAfterReboot(OnNormalExit.DESTROY)
                    .actionsAfterCrash(OnCrashBehaviour.DESTROY)));
  }

  /** A sixteenth of the machine's memory, within limits. */
  static long memory(long total) {
    long share = Math.clamp(total / 16, LEAST, MOST);
    return Math.min(total, share / MIB * MIB);
  }
}
