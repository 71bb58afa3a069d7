package io.keelson.host.qemu;

import io.keelson.host.Compute;
import io.keelson.host.Devices;
import io.keelson.host.DiskSource;
import io.keelson.host.DiskSpec;
import io.keelson.host.Domain;
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
import io.keelson.host.qemu.agent.AgentSettings;
import io.keelson.host.qemu.agent.GuestCards;
import io.keelson.host.qemu.agent.GuestProcessors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the domains of this host as QEMU processes.
 *
 * <p>There is one host in a process; the host that a call names is only told on to the listener.
 */
public final class QemuCompute implements Compute {
  private static final Logger LOG = LoggerFactory.getLogger(QemuCompute.class);
  private final Path domainsFolder;
  private final QemuSettings settings;
  private final QemuFacts facts;
  private final TpmFiles tpms;
  private final Devices devices;
  private final Launcher launcher;
  private final SerialLogs serialLogs;
  private final DriverClaim claim;
  private final LiveDomains domains = new LiveDomains();
  private volatile DomainListener listener = (host, vm, change) -> {};

  private QemuCompute(Path data, QemuSettings settings, Devices devices, DriverClaim claim) {
    this.claim = claim;
    this.devices = devices;
    this.domainsFolder = data.resolve("run").resolve("domains");
    this.settings = settings;
    this.facts = new QemuFacts(settings.program(), data);
    this.tpms = new TpmFiles(data, settings);
    this.launcher =
        new Launcher(
            domainsFolder,
            settings,
            tpms,
            devices,
            new Domids(data.resolve("run").resolve("domid")),
            new DomainOwner());
    this.serialLogs = new SerialLogs(domainsFolder);
  }

  /** What is to be done about what domains do by themselves. */
  private final class DomainOwner implements LiveDomain.Owner {
    @Override
    public void changed(LiveDomain domain, Change change) {
      listener.changed(domain.host(), domain.vm(), change);
    }

    @Override
    public void ended(LiveDomain domain) {
      if (domains.remove(domain)) {
        devices.release(domain.host(), domain.record().spec().devices());
        domain.folder().delete();
        CpuGroup.of(domain.vm()).remove();
      }
    }
  }

  /** The driver, keeping what it must remember below the data folder; no machine has devices. */
  public static QemuCompute open(Path data) {
    return open(data, Devices.NONE);
  }

  /** The driver, whose machines can have devices of the host. */
  public static QemuCompute open(Path data, Devices devices) {
    return open(data, QemuSettings.usual(), devices);
  }

  /** The driver with settings of its own. */
  public static QemuCompute open(Path data, QemuSettings settings) {
    return open(data, settings, Devices.NONE);
  }

  static QemuCompute open(Path data, QemuSettings settings, Devices devices) {
    try {
      Path real = Files.createDirectories(data).toRealPath();
      Files.createDirectories(real.resolve("run").resolve("domains"));
      return new QemuCompute(real, settings, devices, DriverClaim.of(real.resolve("run")));
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "cannot use data folder " + data + ": " + e, e);
    }
  }

  @Override
  public void listen(DomainListener hears) {
    listener = hears;
  }

  @Override
  public List<Domain> adopt(UUID host) {
    new Adoption(domainsFolder, settings, launcher, devices, domains)
        .run(host, vm -> listener.changed(host, vm, Change.DIED));
    return domains.all().stream().map(LiveDomain::domain).toList();
  }

  @Override
  public Optional<Domain> find(UUID host, UUID vm) {
    return domains
        .find(vm)
        .filter(domain -> domain.run() != LiveDomain.Run.ENDED)
        .map(LiveDomain::domain);
  }

  @Override
  public HypervisorFacts hypervisor(UUID host) {
    return facts.facts();
  }

  @Override
  public Tpms tpms(UUID host) {
    return tpms;
  }

  @Override
  public Domain start(UUID host, DomainSpec spec, boolean paused) {
    return domains.build(
        spec.vm(), () -> register(launcher.start(host, spec, facts.accelerator()), paused));
  }

  @Override
  public Domain resume(UUID host, DomainSpec spec, Path image, boolean paused, Progress progress) {
    return domains.build(
        spec.vm(),
        () -> {
          LiveDomain domain = launcher.resume(host, spec, image);
          try {
            new Suspension(domain).load(image, progress);
          } catch (DriverException e) {
            launcher.giveUp(domain);
            throw e;
          }
          return register(domain, paused);
        });
  }

  private Domain register(LiveDomain domain, boolean paused) {
    domains.put(domain);
    if (domain.process().gone()) {
      domain.end(); // its end came before it was known here
      domain.finish();
      throw new DriverException(Reason.FAILED, "QEMU ended at once: " + domain.folder().log());
    }
    domain.known();
    if (!paused) {
      Processors.letRun(domain);
    }
    return domain.domain();
  }

  @Override
  public void pause(UUID host, UUID vm) {
    exclusively(vm, Processors::pause);
  }

  @Override
  public void unpause(UUID host, UUID vm) {
    exclusively(vm, Processors::unpause);
  }

  @Override
  public void requestShutdown(UUID host, UUID vm) {
    GuestPower.shutdown(domains.get(vm));
  }

  @Override
  public void requestReboot(UUID host, UUID vm) {
    GuestPower.reboot(domains.get(vm));
  }

  @Override
  public void destroy(UUID host, UUID vm) {
    LiveDomain domain = domains.get(vm);
    boolean first = domain.end();
    ProcessEnd.stop(domain);
    if (first) {
      domain.finish();
    }
    if (domains.find(vm).filter(other -> other != domain).isPresent()) {
      destroy(host, vm); // it has moved just before
    }
  }

  @Override
  public Domain reset(UUID host, UUID vm) {
    LiveDomain old = domains.get(vm);
    return domains.rebuild(
        vm,
        () -> {
          if (!old.end()) {
            throw new DriverException(Reason.NOT_FOUND, "the domain has ended");
          }
          ProcessEnd.kill(old);
          boolean _ = domains.remove(old);
          return register(launcher.again(old), false);
        });
  }

  @Override
  public void suspend(UUID host, UUID vm, Path image, Progress progress) {
    onDisks(
        vm,
        domain -> {
          new Suspension(domain).save(image, progress);
          if (domain.end()) {
            ProcessEnd.kill(domain);
            domain.finish();
          }
        });
  }

  @Override
  public Domain migrate(
      UUID host,
      UUID vm,
      UUID destination,
      List<NicSpec> nics,
      Handover handover,
      Progress progress) {
    if (!destination.equals(host)) {
      throw new DriverException(Reason.UNSUPPORTED, "host " + destination + " is not reached");
    }
    Migration migration = new Migration(domains.get(vm), launcher, domainsFolder);
    return migration.run(nics, handover, progress, domains::put);
  }

  @Override
  public List<NicSpec> nics(UUID host, UUID vm) {
    return domains.get(vm).record().spec().nics();
  }

  @Override
  public void copyImage(UUID host, Path image, Path copy, Progress progress) {
    SuspendImage.copy(image, copy, progress);
  }

  @Override
  public SavedMachine inspectImage(UUID host, Path image, Progress progress) {
    DomainRecord saved = SuspendImage.inspect(image, progress);
    launcher.requireKind(saved, facts.accelerator());
    return SavedMachine.of(saved.spec());
  }

  @Override
  public void checkpoint(
      UUID host, UUID vm, Path image, Map<Integer, DiskSource> overlays, Progress progress) {
    onDisks(vm, domain -> new Checkpoint(domain).take(image, overlays, progress));
  }

  @Override
  public boolean hasAgent(UUID host, UUID vm) {
    return domains.find(vm).filter(domain -> domain.agent().listens()).isPresent();
  }

  @Override
  public GuestReport askGuest(UUID host, UUID vm) {
    return domains.get(vm).agent().report();
  }

  @Override
  public int freeze(UUID host, UUID vm) {
    return domains.get(vm).agent().freeze();
  }

  @Override
  public void thaw(UUID host, UUID vm) {
    domains.get(vm).agent().thaw();
  }

  @Override
  public void setAddress(UUID host, UUID vm, GuestAddressing addressing) {
    domains.get(vm).agent().converse(line -> GuestCards.set(line, addressing));
  }

  @Override
  public void tellAgent(UUID host, UUID vm, Map<String, String> settings) {
    domains.get(vm).agent().converse(line -> AgentSettings.write(line, settings));
  }

  @Override
  public void plugDisk(UUID host, UUID vm, DiskSpec disk) {
    onDisks(vm, domain -> new Hotplug(domain).plugDisk(disk));
  }

  @Override
  public void unplugDisk(UUID host, UUID vm, int device) {
    onDisks(vm, domain -> new Hotplug(domain).unplugDisk(device));
  }

  @Override
  public void changeMedia(UUID host, UUID vm, int device, Optional<DiskSource> media) {
    onDisks(vm, domain -> new Hotplug(domain).changeMedia(device, media));
  }

  @Override
  public void plugNic(UUID host, UUID vm, NicSpec nic) {
    exclusively(vm, domain -> new Hotplug(domain).plugNic(nic));
  }

  @Override
  public void unplugNic(UUID host, UUID vm, int device) {
    exclusively(vm, domain -> new Hotplug(domain).unplugNic(device));
  }

  @Override
  public void switchDisks(UUID host, UUID vm, Map<Integer, DiskSource> overlays) {
    onDisks(vm, domain -> new Hotplug(domain).switchDisks(overlays));
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
    new DiskMerge(domains.get(vm), device).run(upper, lower, lowerName, handover, progress);
  }

  @Override
  public void moveDisk(
      UUID host, UUID vm, int device, DiskSource target, Handover handover, Progress progress) {
    new DiskMove(domains.get(vm), device).run(target, handover, progress);
  }

  @Override
  public void settleDisk(UUID host, UUID vm, int device, DiskSource source) {
    new DiskSettlement(domains.get(vm), device).run(source);
  }

  @Override
  public void resizeDisk(UUID host, UUID vm, int device, long virtualSizeBytes) {
    onDisks(vm, domain -> new Hotplug(domain).resizeDisk(device, virtualSizeBytes));
  }

  @Override
  public void setMemoryTarget(UUID host, UUID vm, long bytes) {
    exclusively(vm, domain -> Resources.setMemoryTarget(domain, bytes));
  }

  @Override
  public void setProcessors(UUID host, UUID vm, int count) {
    LiveDomain domain = domains.get(vm);
    domain.exclusively(() -> {
      Resources.setProcessors(domain, count);
      ProcessorShares.start(domain);
    });
    try {
      domain.agent().converse(line -> GuestProcessors.bringOnLine(line, count));
    } catch (DriverException e) {
      LOG.info("processors of {} come on line when its guest wants: {}", vm, e.getMessage());
    }
  }

  @Override
  public void schedule(UUID host, UUID vm, Scheduling scheduling) {
    exclusively(vm, domain -> ProcessorShares.change(domain, scheduling));
  }

  @Override
  public void trigger(UUID host, UUID vm, Trigger trigger) {
    exclusively(vm, domain -> Signals.trigger(domain, trigger));
  }

  @Override
  public void pressSysrq(UUID host, UUID vm, char key) {
    exclusively(vm, domain -> Signals.sysrq(domain, key));
  }

  @Override
  public DiskSource dumpCore(UUID host, UUID vm, Progress progress) {
    LiveDomain domain = domains.get(vm);
    return domain.getExclusively(() -> new CoreDump(domain).write(progress));
  }

  @Override
  public Picture picture(UUID host, UUID vm) {
    LiveDomain domain = domains.get(vm);
    return domain.getExclusively(() -> new Screendump(domain).take());
  }

  @Override
  public DomainUsage usage(UUID host, UUID vm) {
    return Usage.of(domains.get(vm));
  }

  @Override
  public void close() {
    serialLogs.close();
    facts.close();
    domains.all().parallelStream().forEach(Adoption::letGo);
    domains.clear();
    claim.close();
  }

  private void exclusively(UUID vm, Consumer<LiveDomain> work) {
    LiveDomain domain = domains.get(vm);
    domain.exclusively(() -> work.accept(domain));
  }

  private void onDisks(UUID vm, Consumer<LiveDomain> work) {
    LiveDomain domain = domains.get(vm);
    domain.onDisks(() -> work.accept(domain));
  }
}
