package io.keelson.host.sim;

import io.keelson.host.Compute;
import io.keelson.host.DiskSource;
import io.keelson.host.DiskSpec;
import io.keelson.host.Domain;
import io.keelson.host.DomainListener;
import io.keelson.host.DomainListener.Change;
import io.keelson.host.DomainSpec;
import io.keelson.host.DomainUsage;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.GuestReport;
import io.keelson.host.Handover;
import io.keelson.host.HypervisorFacts;
import io.keelson.host.NicSpec;
import io.keelson.host.Progress;
import io.keelson.host.Trigger;
import io.keelson.host.sim.SimulatedDomain.Run;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Domains that are entries of a map. Their guests do at once what they are asked to. */
final class SimulatedCompute implements Compute {
  private static final long OVERHEAD_BYTES = 16L << 20;

  private record Place(UUID host, UUID vm) {}

  private final SimulatedHosts hosts;
  private final Weather weather;
  private final ConcurrentHashMap<Place, SimulatedDomain> domains = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Path, SimulatedDomain> images = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<UUID, Long> kept = new ConcurrentHashMap<>();
  private final AtomicLong lastDomid = new AtomicLong();
  private volatile DomainListener listener = (host, vm, change) -> {};

  SimulatedCompute(SimulatedHosts hosts, Weather weather) {
    this.hosts = hosts;
    this.weather = weather;
  }

  @Override
  public void listen(DomainListener hears) {
    listener = hears;
  }

  @Override
  public List<Domain> adopt(UUID host) {
    int _ = hosts.number(host);
    return domains.entrySet().stream()
        .filter(entry -> entry.getKey().host().equals(host))
        .map(entry -> entry.getValue().domain())
        .toList();
  }

  @Override
  public Optional<Domain> find(UUID host, UUID vm) {
    return Optional.ofNullable(domains.get(place(host, vm))).map(SimulatedDomain::domain);
  }

  @Override
  public HypervisorFacts hypervisor(UUID host) {
    int _ = hosts.number(host);
    return new HypervisorFacts("sim", "1.0", true, OVERHEAD_BYTES);
  }

  /** The memory that the domains of a host take. */
  long memoryInUse(UUID host) {
    return domains.entrySet().stream()
        .filter(entry -> entry.getKey().host().equals(host))
        .mapToLong(entry -> entry.getValue().spec().memoryTargetBytes() + OVERHEAD_BYTES)
        .sum();
  }

  /** How many processors the domains of a host keep busy. */
  double processorsInUse(UUID host) {
    return domains.entrySet().stream()
        .filter(entry -> entry.getKey().host().equals(host))
        .filter(entry -> entry.getValue().run() == Run.RUNNING)
        .mapToDouble(entry -> entry.getValue().spec().processors() * SimulatedUsage.BUSY)
        .sum();
  }

  @Override
  public Domain start(UUID host, DomainSpec spec, boolean paused) {
    Place place = place(host, spec.vm());
    if (domains.containsKey(place)) {
      throw new DriverException(Reason.ALREADY_EXISTS, "the domain exists already");
    }
    check(spec);
    weather.pass("start", spec.vm());
    return build(place, spec, paused);
  }

  private Domain build(Place place, DomainSpec spec, boolean paused) {
    SimulatedDomain fresh =
        new SimulatedDomain(
            spec,
            lastDomid.incrementAndGet(),
            paused ? Run.PAUSED : Run.RUNNING,
            System.nanoTime(),
            true);
    if (domains.putIfAbsent(place, fresh) != null) {
      throw new DriverException(Reason.ALREADY_EXISTS, "the domain exists already");
    }
    return fresh.domain();
  }

  private static void check(DomainSpec spec) {
    boolean wrong =
        spec.processors() < 1
            || spec.processorsMax() < spec.processors()
            || spec.memoryMaxBytes() < 1 << 20
            || spec.memoryTargetBytes() > spec.memoryMaxBytes();
    if (wrong) {
      throw new DriverException(
          Reason.INVALID, "processors or memory of the machine are out of their range");
    }
  }

  @Override
  public void pause(UUID host, UUID vm) {
    change(host, vm, "pause", domain -> in(domain, Run.RUNNING).with(Run.PAUSED));
  }

  @Override
  public void unpause(UUID host, UUID vm) {
    change(host, vm, "unpause", domain -> in(domain, Run.PAUSED).with(Run.RUNNING));
  }

  @Override
  public void requestShutdown(UUID host, UUID vm) {
    change(host, vm, "requestShutdown", domain -> in(domain, Run.RUNNING));
    Thread.ofVirtual().start(() -> ended(host, vm, Change.POWERED_OFF));
  }

  @Override
  public void requestReboot(UUID host, UUID vm) {
    change(host, vm, "requestReboot", domain -> in(domain, Run.RUNNING));
    Thread.ofVirtual().start(() -> held(host, vm, Change.REBOOTED));
  }

  /** A guest that keeps the memory that it has, whatever its balloon is told. */
  void keepMemory(UUID host, UUID vm) {
    kept.put(vm, found(domains.get(place(host, vm)), vm).spec().memoryTargetBytes());
  }

  /** A guest or process that ends by itself, if it is there and, for a guest, runs. */
  void ended(UUID host, UUID vm, Change change) {
    Place place = place(host, vm);
    SimulatedDomain domain = domains.get(place);
    if (domain == null || (change != Change.DIED && domain.run() != Run.RUNNING)) {
      return;
    }
    if (domains.remove(place, domain)) {
      listener.changed(host, vm, change);
    }
  }

  /** A running guest that reboots or crashes. */
  void held(UUID host, UUID vm, Change change) {
    Place place = place(host, vm);
    SimulatedDomain domain = domains.get(place);
    if (domain == null || domain.run() != Run.RUNNING) {
      return;
    }
    if (domains.replace(place, domain, domain.with(Run.HELD))) {
      listener.changed(host, vm, change);
    }
  }

  @Override
  public void destroy(UUID host, UUID vm) {
    Place place = present(host, vm);
    weather.pass("destroy", vm);
    if (domains.remove(place) == null) {
      throw notFound(vm);
    }
  }

  @Override
  public Domain reset(UUID host, UUID vm) {
    return change(
            host,
            vm,
            "reset",
            domain ->
                new SimulatedDomain(
                    domain.spec(),
                    lastDomid.incrementAndGet(),
                    Run.RUNNING,
                    System.nanoTime(),
                    domain.hasAgent()))
        .domain();
  }

  @Override
  public void suspend(UUID host, UUID vm, Path image, Progress progress) {
    Place place = present(host, vm);
    weather.pass("suspend", vm);
    if (progress.cancelled()) {
      throw new DriverException(Reason.CANCELLED, "the suspension was cancelled");
    }
    SimulatedDomain domain = usable(found(domains.get(place), vm));
    images.put(image, domain);
    if (!domains.remove(place, domain)) {
      images.remove(image);
      throw new DriverException(Reason.FAILED, "the domain changed while it was suspended");
    }
    progress.report(1);
  }

  @Override
  public Domain resume(UUID host, DomainSpec spec, Path image, boolean paused, Progress progress) {
    SimulatedDomain saved = images.get(image);
    if (saved == null) {
      throw new DriverException(Reason.NOT_FOUND, "no suspend image " + image);
    }
    check(spec);
    weather.pass("resume", spec.vm());
    Domain domain = build(place(host, spec.vm()), spec, paused);
    progress.report(1);
    return domain;
  }

  @Override
  public void copyImage(UUID host, Path image, Path copy, Progress progress) {
    SimulatedDomain saved = images.get(image);
    if (saved == null) {
      throw new DriverException(Reason.NOT_FOUND, "no suspend image " + image);
    }
    images.put(copy, saved);
    progress.report(1);
  }

  @Override
  public void checkpoint(
      UUID host, UUID vm, Path image, Map<Integer, DiskSource> overlays, Progress progress) {
    Place place = present(host, vm);
    weather.pass("checkpoint", vm);
    if (progress.cancelled()) {
      throw new DriverException(Reason.CANCELLED, "the checkpoint was cancelled");
    }
    SimulatedDomain domain = usable(found(domains.get(place), vm));
    switchDisks(host, vm, overlays);
    images.put(image, domain);
    progress.report(1);
  }

  @Override
  public boolean hasAgent(UUID host, UUID vm) {
    return Optional.ofNullable(domains.get(place(host, vm)))
        .filter(SimulatedDomain::hasAgent)
        .isPresent();
  }

  @Override
  public GuestReport askGuest(UUID host, UUID vm) {
    return SimulatedAgent.report(agentOf(found(domains.get(place(host, vm)), vm)).spec());
  }

  @Override
  public int freeze(UUID host, UUID vm) {
    change(host, vm, "freeze", SimulatedCompute::agentOf);
    return 1;
  }

  @Override
  public void thaw(UUID host, UUID vm) {
    change(host, vm, "thaw", SimulatedCompute::agentOf);
  }

  private static SimulatedDomain agentOf(SimulatedDomain domain) {
    if (!domain.hasAgent()) {
      throw new DriverException(Reason.UNSUPPORTED, "the guest has no agent");
    }
    return in(domain, Run.RUNNING);
  }

  /** Takes the agent out of a guest, for the rest of its run. */
  void removeAgent(UUID host, UUID vm) {
    change(host, vm, "removeAgent", SimulatedDomain::withoutAgent);
  }

  @Override
  public void plugDisk(UUID host, UUID vm, DiskSpec disk) {
    change(host, vm, "plugDisk", domain -> SimulatedDevices.plug(usable(domain), disk));
  }

  @Override
  public void unplugDisk(UUID host, UUID vm, int device) {
    change(host, vm, "unplugDisk", domain -> SimulatedDevices.unplugDisk(usable(domain), device));
  }

  @Override
  public void changeMedia(UUID host, UUID vm, int device, Optional<DiskSource> media) {
    change(
        host, vm, "changeMedia", domain -> SimulatedDevices.media(usable(domain), device, media));
  }

  @Override
  public void plugNic(UUID host, UUID vm, NicSpec nic) {
    change(
        host,
        vm,
        "plugNic",
        domain -> {
          List<NicSpec> nics = usable(domain).spec().nics();
          if (nics.stream().anyMatch(n -> n.device() == nic.device())) {
            throw new DriverException(
                Reason.ALREADY_EXISTS, "nic" + nic.device() + " is plugged in already");
          }
          return domain.withNics(Stream.concat(nics.stream(), Stream.of(nic)).toList());
        });
  }

  @Override
  public void unplugNic(UUID host, UUID vm, int device) {
    change(
        host,
        vm,
        "unplugNic",
        domain -> {
          List<NicSpec> nics = usable(domain).spec().nics();
          List<NicSpec> left = nics.stream().filter(n -> n.device() != device).toList();
          if (left.size() == nics.size()) {
            throw new DriverException(Reason.NOT_FOUND, "no network card " + device);
          }
          return domain.withNics(left);
        });
  }

  @Override
  public void switchDisks(UUID host, UUID vm, Map<Integer, DiskSource> overlays) {
    change(
        host,
        vm,
        "switchDisks",
        domain -> {
          SimulatedDomain switched = usable(domain);
          for (Map.Entry<Integer, DiskSource> overlay : overlays.entrySet()) {
            switched =
                SimulatedDevices.source(
                    switched, overlay.getKey(), Optional.of(overlay.getValue()));
          }
          return switched;
        });
  }

  @Override
  public void mergeDisk(
      UUID host,
      UUID vm,
      int device,
      DiskSource upper,
      DiskSource lower,
      String lowerName,
      Handover handover,
      Progress progress) {
    throw new DriverException(Reason.UNSUPPORTED, "these disks rest on no others");
  }

  @Override
  public void moveDisk(
      UUID host, UUID vm, int device, DiskSource target, Handover handover, Progress progress) {
    if (progress.cancelled()) {
      throw new DriverException(Reason.CANCELLED, "the move was cancelled");
    }
    handover.commit();
    try {
      change(
          host,
          vm,
          "moveDisk",
          domain -> SimulatedDevices.source(usable(domain), device, Optional.of(target)));
    } catch (DriverException failure) {
      handover.rollback();
      throw failure;
    }
    progress.report(1);
  }

  @Override
  public void settleDisk(UUID host, UUID vm, int device, DiskSource source) {}

  @Override
  public void resizeDisk(UUID host, UUID vm, int device, long virtualSizeBytes) {
    change(
        host,
        vm,
        "resizeDisk",
        domain -> {
          DiskSpec _ = SimulatedDevices.find(usable(domain), device);
          return domain;
        });
  }

  @Override
  public void setMemoryTarget(UUID host, UUID vm, long bytes) {
    change(
        host,
        vm,
        "setMemoryTarget",
        domain -> {
          if (bytes < 1 || bytes > domain.spec().memoryMaxBytes()) {
            throw new DriverException(Reason.INVALID, "a memory target out of the machine's range");
          }
          return usable(domain).withMemoryTarget(bytes);
        });
  }

  @Override
  public void setProcessors(UUID host, UUID vm, int count) {
    change(
        host,
        vm,
        "setProcessors",
        domain -> {
          if (count > domain.spec().processorsMax()) {
            throw new DriverException(Reason.INVALID, "more processors than the machine has room");
          }
          if (count < domain.spec().processors()) {
            throw new DriverException(
                Reason.UNSUPPORTED, "processors cannot be taken from a running guest");
          }
          return usable(domain).withProcessors(count);
        });
  }

  @Override
  public void trigger(UUID host, UUID vm, Trigger trigger) {
    change(host, vm, "trigger", domain -> in(domain, Run.RUNNING));
    switch (trigger) {
      case NMI, SLEEP -> {} // these guests do not care
      case POWER -> Thread.ofVirtual().start(() -> ended(host, vm, Change.POWERED_OFF));
      case RESET -> Thread.ofVirtual().start(() -> held(host, vm, Change.REBOOTED));
    }
  }

  @Override
  public void pressSysrq(UUID host, UUID vm, char key) {
    change(host, vm, "pressSysrq", domain -> in(domain, Run.RUNNING));
  }

  @Override
  public DiskSource dumpCore(UUID host, UUID vm, Progress progress) {
    SimulatedDomain domain = found(domains.get(present(host, vm)), vm);
    weather.pass("dumpCore", vm);
    if (progress.cancelled()) {
      throw new DriverException(Reason.CANCELLED, "the core dump was cancelled");
    }
    progress.report(1);
    return SimulatedCore.of(domain.spec().memoryMaxBytes());
  }

  @Override
  public DomainUsage usage(UUID host, UUID vm) {
    SimulatedDomain domain = found(domains.get(place(host, vm)), vm);
    return SimulatedUsage.of(
        domain, kept.getOrDefault(vm, domain.spec().memoryTargetBytes()), System.nanoTime());
  }

  @Override
  public void close() {}

  /** Changes a domain in one step: of two callers, the second sees what the first did. */
  private SimulatedDomain change(
      UUID host, UUID vm, String call, UnaryOperator<SimulatedDomain> change) {
    Place place = present(host, vm);
    weather.pass(call, vm);
    return found(domains.computeIfPresent(place, (key, domain) -> change.apply(domain)), vm);
  }

  private Place place(UUID host, UUID vm) {
    int _ = hosts.number(host);
    return new Place(host, vm);
  }

  private Place present(UUID host, UUID vm) {
    Place place = place(host, vm);
    if (!domains.containsKey(place)) {
      throw notFound(vm);
    }
    return place;
  }

  private static SimulatedDomain found(@Nullable SimulatedDomain domain, UUID vm) {
    if (domain == null) {
      throw notFound(vm);
    }
    return domain;
  }

  private static DriverException notFound(UUID vm) {
    return new DriverException(Reason.NOT_FOUND, "no domain runs virtual machine " + vm);
  }

  private static SimulatedDomain in(SimulatedDomain domain, Run wanted) {
    if (domain.run() != wanted) {
      throw new DriverException(
          Reason.WRONG_STATE, "the domain is " + domain.run() + ", not " + wanted);
    }
    return domain;
  }

  private static SimulatedDomain usable(SimulatedDomain domain) {
    if (domain.run() == Run.HELD) {
      throw new DriverException(Reason.WRONG_STATE, "the domain is " + domain.run());
    }
    return domain;
  }
}
