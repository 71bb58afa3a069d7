package io.keelson.control.metrics;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pbd;
import io.keelson.api.model.Pif;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.host.DriverException;
import io.keelson.host.Drivers;
import io.keelson.host.Machine;
import io.keelson.host.Network.Interface;
import io.keelson.host.Storage;
import io.keelson.host.StorageSpace;
import io.keelson.host.Traffic;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the drivers of one host say at one moment.
 *
 * <p>VMs and repositories are asked side by side and for a bounded time: one that does not answer
 * keeps nobody else from being measured.
 */
record Survey(
    Row<Host> host,
    Machine.Facts facts,
    Machine.Load load,
    Map<String, Interface> interfaces,
    Map<String, Traffic> traffic,
    List<VmUsage> vms,
    Map<Ref<Sr>, StorageSpace> repositories) {
  private static final Logger LOG = LoggerFactory.getLogger(Survey.class);
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  static Survey of(Drivers drivers, Snapshot state, Row<Host> host, ExecutorService threads) {
    UUID uuid = UUID.fromString(host.record().uuid());
    Map<String, Interface> interfaces = new LinkedHashMap<>();
    Map<String, Traffic> traffic = new LinkedHashMap<>();
    for (Interface one : drivers.network().interfaces(uuid)) {
      interfaces.put(one.device(), one);
    }
    for (Ref<Pif> ref : host.record().pifs()) {
      String device = state.get(ApiModel.PIF, ref).device();
      drivers.network().traffic(uuid, device).ifPresent(t -> traffic.put(device, t));
    }
    return new Survey(
        host,
        drivers.machine().facts(uuid),
        drivers.machine().load(uuid),
        interfaces,
        traffic,
        vms(drivers, state, host.record(), uuid, threads),
        repositories(drivers, state, host, uuid, threads));
  }

  long memoryTotal() {
    return facts.memoryTotalBytes();
  }

  private static List<VmUsage> vms(
      Drivers drivers, Snapshot state, Host host, UUID uuid, ExecutorService threads) {
    List<Callable<VmUsage>> questions = new ArrayList<>();
    for (Ref<Vm> ref : host.residentVms()) {
      state
          .find(ApiModel.VM, ref)
          .filter(Survey::hasDomain)
          .ifPresent(vm -> questions.add(() -> VmUsage.read(drivers, uuid, state, vm)));
    }
    return ask(questions, threads);
  }

  private static boolean hasDomain(Vm vm) {
    boolean up = vm.powerState() == VmPowerState.RUNNING || vm.powerState() == VmPowerState.PAUSED;
    return up && !vm.isControlDomain();
  }

  private static Map<Ref<Sr>, StorageSpace> repositories(
      Drivers drivers, Snapshot state, Row<Host> host, UUID uuid, ExecutorService threads) {
    List<Callable<Map.Entry<Ref<Sr>, StorageSpace>>> questions = new ArrayList<>();
    for (Ref<Pbd> ref : host.record().pbds()) {
      Optional<Pbd> pbd = state.find(ApiModel.PBD, ref).filter(Pbd::currentlyAttached);
      Optional<Sr> sr = pbd.flatMap(p -> state.find(ApiModel.SR, p.sr()));
      Optional<Storage> driver =
          sr.flatMap(s -> Optional.ofNullable(drivers.storages().get(s.type())));
      if (pbd.isPresent() && driver.isPresent()) {
        UUID srUuid = UUID.fromString(sr.get().uuid());
        questions.add(() -> Map.entry(pbd.get().sr(), driver.get().space(uuid, srUuid)));
      }
    }
    Map<Ref<Sr>, StorageSpace> spaces = new HashMap<>();
    ask(questions, threads).forEach(e -> spaces.put(e.getKey(), e.getValue()));
    return spaces;
  }

  /** The answers of those that answered. */
  private static <T> List<T> ask(List<Callable<T>> questions, ExecutorService threads) {
    List<T> answers = new ArrayList<>();
    try {
      for (Future<T> each :
          threads.invokeAll(questions, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          answers.add(each.get());
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof DriverException)) {
            LOG.warn("something cannot be measured", e.getCause());
          }
          // Else it has ended this instant; whoever hears of it updates the record.
        } catch (CancellationException e) {
          LOG.warn("something was not measured: no answer in {}", PATIENCE);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return answers;
  }
}
