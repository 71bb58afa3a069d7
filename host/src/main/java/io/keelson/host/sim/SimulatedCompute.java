package io.keelson.host.sim;

import io.keelson.host.Compute;
import io.keelson.host.Devices;
import io.keelson.host.DiskSource;
import io.keelson.host.DiskSpec;
import io.keelson.host.Domain;
import io.keelson.host.DomainChanges;
import io.keelson.host.DomainListener;
import io.keelson.host.DomainListener.Change;
import io.keelson.host.DomainSpec;
import io.keelson.host.DomainUsage;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.GuestAddressing;
import io.keelson.host.GuestReport;
import io.keelson.host.Handover;
import io.keelson.host.HypervisorFacts;
import io.keelson.host.NicSpec;
import io.keelson.host.Picture;
import io.keelson.host.Progress;
import io.keelson.host.SavedMachine;
import io.keelson.host.Scheduling;
import io.keelson.host.Tpms;
import io.keelson.host.Trigger;
import io.keelson.host.sim.SimulatedDomain.Run;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** Domains that are entries of a map. Their guests do at once what they are asked to. */
final class SimulatedCompute implements Compute {
  private final SimulatedHosts hosts;
  private final Weather weather;
  private final SimulatedStorage disks;
  private final Optional<SimulatedSerial> serial;
  private final SimulatedDomains domains;
  private final SimulatedGuests guests;
  private final SimulatedPci pci;
  private final ConcurrentHashMap<Path, SimulatedDomain> images = new ConcurrentHashMap<>();
  private final SimulatedTpms tpms = new SimulatedTpms();
  private final AtomicLong lastDomid = new AtomicLong();

  /**
   * @param disks the storage of the machines' disks
   * @param serial the line of all machines
   */
  SimulatedCompute(
      SimulatedHosts hosts,
      Weather weather,
      SimulatedStorage disks,
      Optional<SimulatedSerial> serial) {
    this.disks = disks;
    this.serial = serial;
    this.hosts = hosts;
    this.weather = weather;
    this.domains = new SimulatedDomains(hosts);
    this.guests = new SimulatedGuests(domains);
    this.pci = new SimulatedPci(hosts, domains);
  }

  @Override
  public void listen(DomainListener hears) {
    guests.listen(hears);
  }

  private Domain shown(SimulatedDomain domain) {
    return domain.domain(serial.map(SimulatedSerial::socket));
  }

  @Override
  public List<Domain> adopt(UUID host) {
    return domains.of(host).stream().map(this::shown).toList();
  }

  @Override
  public Optional<Domain> find(UUID host, UUID vm) {
    return domains.find(host, vm).map(this::shown);
  }

  @Override
  public HypervisorFacts hypervisor(UUID host) {
    int _ = hosts.number(host);
    return new HypervisorFacts("sim", "1.0", true, SimulatedDomains.OVERHEAD_BYTES);
  }

  /** All hosts reach the same. */
  @Override
  public Tpms tpms(UUID host) {
    return tpms;
  }

  /** The devices that domains can have. */
  Devices pci() {
    return pci;
  }

  /** The domains that there are. */
  SimulatedDomains domains() {
    return domains;
  }

  /** What runs in them. */
  SimulatedGuests guests() {
    return guests;
  }

  @Override
  public Domain start(UUID host, DomainSpec spec, boolean paused) {
    if (domains.find(host, spec.vm()).isPresent()) {
      throw new DriverException(Reason.ALREADY_EXISTS, "the domain exists already");
    }
    spec.check();
    weather.pass("start", spec.vm());
    return build(host, spec, paused);
  }

  private Domain build(UUID host, DomainSpec spec, boolean paused) {
    SimulatedDomain fresh =
        new SimulatedDomain(
            spec,
            lastDomid.incrementAndGet(),
            paused ? Run.PAUSED : Run.RUNNING,
            System.nanoTime(),
            true,
            Set.of(),
            spec.facts().agentSettings());
    synchronized (pci) {
      pci.prepare(host, spec.devices());
      domains.add(host, fresh);
    }
    spec.tpm().ifPresent(tpms::used);
    return shown(fresh);
  }

  @Override
  public void pause(UUID host, UUID vm) {
    change(host, vm, "pause", domain -> domain.in(Run.RUNNING).with(Run.PAUSED));
  }

  @Override
  public void unpause(UUID host, UUID vm) {
    change(host, vm, "unpause", domain -> domain.in(Run.PAUSED).with(Run.RUNNING));
  }

  @Override
  public void requestShutdown(UUID host, UUID vm) {
    if (change(host, vm, "requestShutdown", domain -> domain.in(Run.RUNNING)).hears()) {
      guests.soon(host, vm, Change.POWERED_OFF);
    }
  }

  @Override
  public void requestReboot(UUID host, UUID vm) {
    if (change(host, vm, "requestReboot", domain -> domain.in(Run.RUNNING)).hears()) {
      guests.soon(host, vm, Change.REBOOTED);
    }
  }

  @Override
  public void destroy(UUID host, UUID vm) {
    Faults _ = pass(host, vm, "destroy");
    domains.remove(host, vm);
  }

  @Override
  public Domain reset(UUID host, UUID vm) {
    return shown(change(host, vm, "reset", domain -> domain.again(lastDomid.incrementAndGet())));
  }

  @Override
  public void suspend(UUID host, UUID vm, Path image, Progress progress) {
    Faults _ = pass(host, vm, "suspend");
    progress.stopIfCancelled("the suspension");
    SimulatedDomain domain = domains.get(host, vm).usable();
    images.put(image, domain);
    if (!domains.remove(host, domain)) {
      images.remove(image);
      throw new DriverException(Reason.FAILED, "the domain changed while it was suspended");
    }
    progress.report(1);
  }

  @Override
  public Domain resume(UUID host, DomainSpec spec, Path image, boolean paused, Progress progress) {
    SimulatedDomain _ = saved(image);
    spec.check();
    weather.pass("resume", spec.vm());
    Domain domain = build(host, spec, paused);
    progress.report(1);
    return domain;
  }

  /** The move takes no time; a handover that fails leaves the domain where it was. */
  @Override
  public Domain migrate(
      UUID host,
      UUID vm,
      UUID destination,
      List<NicSpec> nics,
      Handover handover,
      Progress progress) {
    Faults _ = pass(host, vm, "migrate");
    progress.stopIfCancelled("the migration");
    SimulatedDomain domain = domains.get(host, vm).usable();
    handover.commit();
    SimulatedDomain arrived =
        domain.changed(spec -> spec.with(c -> c.nics(nics))).arrived(lastDomid.incrementAndGet());
    if (!domains.remove(host, domain)) {
      handover.rollback();
      throw new DriverException(Reason.WRONG_STATE, "the domain changed while it was moved");
    }
    domains.add(destination, arrived);
    progress.report(1);
    return shown(arrived);
  }

  @Override
  public List<NicSpec> nics(UUID host, UUID vm) {
    return domains.get(host, vm).spec().nics();
  }

  private SimulatedDomain saved(Path image) {
    return Optional.ofNullable(images.get(image))
        .orElseThrow(() -> new DriverException(Reason.NOT_FOUND, "no suspend image " + image));
  }

  @Override
  public void copyImage(UUID host, Path image, Path copy, Progress progress) {
    images.put(copy, saved(image));
    progress.report(1);
  }

  @Override
  public SavedMachine inspectImage(UUID host, Path image, Progress progress) {
    return SavedMachine.of(saved(image).spec());
  }

  @Override
  public void checkpoint(
      UUID host, UUID vm, Path image, Map<Integer, DiskSource> overlays, Progress progress) {
    Faults fault = pass(host, vm, "checkpoint");
    progress.stopIfCancelled("the checkpoint");
    SimulatedDomain domain = domains.get(host, vm).usable();
    if (fault == Faults.STUCK) {
      SimulatedDomain _ = domains.change(host, vm, d -> d.with(Run.PAUSED));
      throw new DriverException(Reason.FAILED, "the domain does not go on behind its checkpoint");
    }
    switchDisks(host, vm, overlays);
    images.put(image, domain);
    progress.report(1);
  }

  @Override
  public boolean hasAgent(UUID host, UUID vm) {
    return domains.find(host, vm).filter(SimulatedDomain::hasAgent).isPresent();
  }

  @Override
  public GuestReport askGuest(UUID host, UUID vm) {
    boolean fickle = pass(host, vm, "askGuest") == Faults.FICKLE;
    if (fickle && guests.isSilent(vm)) {
      throw new DriverException(Reason.GUEST_SILENT, "the agent does not answer this time");
    }
    return SimulatedAgent.report(domains.get(host, vm).withAgent());
  }

  @Override
  public int freeze(UUID host, UUID vm) {
    change(host, vm, "freeze", SimulatedDomain::withAgent);
    return 1;
  }

  @Override
  public void thaw(UUID host, UUID vm) {
    change(host, vm, "thaw", SimulatedDomain::withAgent);
  }

  /** All simulated processors are equal. */
  @Override
  public void schedule(UUID host, UUID vm, Scheduling scheduling) {
    change(host, vm, "schedule", SimulatedDomain::usable);
  }

  @Override
  public void setAddress(UUID host, UUID vm, GuestAddressing addressing) {
    change(host, vm, "setAddress", domain -> domain.withAgent().withAddress(addressing));
  }

  @Override
  public void tellAgent(UUID host, UUID vm, Map<String, String> settings) {
    change(host, vm, "tellAgent", domain -> domain.withAgent().withSettings(settings));
  }

  /** Takes the agent out of a guest, for the rest of its run. */
  void removeAgent(UUID host, UUID vm) {
    change(host, vm, "removeAgent", SimulatedDomain::withoutAgent);
  }

  @Override
  public void plugDisk(UUID host, UUID vm, DiskSpec disk) {
    changeMachine(host, vm, "plugDisk", spec -> DomainChanges.plug(spec, disk));
  }

  @Override
  public void unplugDisk(UUID host, UUID vm, int device) {
    change(
        host,
        vm,
        "unplugDisk",
        domain -> domain.usable().letsGo().changed(spec -> DomainChanges.unplugDisk(spec, device)));
  }

  @Override
  public void changeMedia(UUID host, UUID vm, int device, Optional<DiskSource> media) {
    changeMachine(
        host,
        vm,
        "changeMedia",
        spec -> DomainChanges.source(spec, DomainChanges.removable(spec, device).device(), media));
  }

  @Override
  public void plugNic(UUID host, UUID vm, NicSpec nic) {
    changeMachine(host, vm, "plugNic", spec -> DomainChanges.plug(spec, nic));
  }

  @Override
  public void unplugNic(UUID host, UUID vm, int device) {
    changeMachine(host, vm, "unplugNic", spec -> DomainChanges.unplugNic(spec, device));
  }

  @Override
  public void switchDisks(UUID host, UUID vm, Map<Integer, DiskSource> overlays) {
    changeMachine(
        host,
        vm,
        "switchDisks",
        spec -> {
          DomainSpec switched = spec;
          for (Map.Entry<Integer, DiskSource> overlay : overlays.entrySet()) {
            switched =
                DomainChanges.source(switched, overlay.getKey(), Optional.of(overlay.getValue()));
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
    progress.stopIfCancelled("the move");
    handover.commit();
    try {
      changeMachine(
          host, vm, "moveDisk", spec -> DomainChanges.source(spec, device, Optional.of(target)));
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
    changeMachine(
        host,
        vm,
        "resizeDisk",
        spec -> {
          DiskSpec disk = DomainChanges.drive(spec, device);
          disk.source().ifPresent(source -> disks.grow(source, virtualSizeBytes));
          return spec;
        });
  }

  @Override
  public void setMemoryTarget(UUID host, UUID vm, long bytes) {
    changeMachine(host, vm, "setMemoryTarget", spec -> DomainChanges.memoryTarget(spec, bytes));
  }

  @Override
  public void setProcessors(UUID host, UUID vm, int count) {
    changeMachine(host, vm, "setProcessors", spec -> DomainChanges.processors(spec, count));
  }

  @Override
  public void trigger(UUID host, UUID vm, Trigger trigger) {
    change(host, vm, "trigger", domain -> domain.in(Run.RUNNING));
    switch (trigger) {
      case NMI, SLEEP -> {} // these guests do not care
      case POWER -> guests.soon(host, vm, Change.POWERED_OFF);
      case RESET -> guests.soon(host, vm, Change.REBOOTED);
    }
  }

  @Override
  public void pressSysrq(UUID host, UUID vm, char key) {
    change(host, vm, "pressSysrq", domain -> domain.in(Run.RUNNING));
    switch (key) {
      case 'b' -> guests.soon(host, vm, Change.REBOOTED);
      case 'c' -> guests.soon(host, vm, Change.CRASHED);
      case 'o' -> guests.soon(host, vm, Change.POWERED_OFF);
      default -> {} // all others only write to the guest's log, or are none
    }
  }

  @Override
  public DiskSource dumpCore(UUID host, UUID vm, Progress progress) {
    SimulatedDomain domain = domains.get(host, vm);
    weather.pass("dumpCore", vm);
    progress.stopIfCancelled("the core dump");
    progress.report(1);
    return SimulatedCore.of(domain.spec().memoryMaxBytes());
  }

  @Override
  public Picture picture(UUID host, UUID vm) {
    SimulatedDomain _ = domains.get(host, vm);
    weather.pass("picture", vm);
    return SimulatedScreen.of(domains.get(host, vm));
  }

  @Override
  public DomainUsage usage(UUID host, UUID vm) {
    SimulatedDomain domain = domains.get(host, vm);
    return SimulatedUsage.of(domain, guests.memory(domain), System.nanoTime());
  }

  /** Changes the machine of a domain that runs or is paused. */
  private void changeMachine(UUID host, UUID vm, String call, UnaryOperator<DomainSpec> change) {
    change(host, vm, call, domain -> domain.usable().changed(change));
  }

  /** Changes a domain in one step: of two callers, the second sees what the first did. */
  private SimulatedDomain change(
      UUID host, UUID vm, String call, UnaryOperator<SimulatedDomain> change) {
    Faults _ = pass(host, vm, call);
    return domains.change(host, vm, change);
  }

  /** Whatever the weather and the machine itself have in store for a call about it. */
  private Faults pass(UUID host, UUID vm, String call) {
    SimulatedDomain domain = domains.get(host, vm);
    weather.pass(call, vm);
    return Faults.pass(domain.spec(), call);
  }

  @Override
  public void close() {
    serial.ifPresent(SimulatedSerial::close);
  }
}
