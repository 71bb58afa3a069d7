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
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
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
  private final FileChannel claim;
  private final ConcurrentHashMap<UUID, LiveDomain> domains = new ConcurrentHashMap<>();
  private final Set<UUID> building = ConcurrentHashMap.newKeySet();
  private volatile DomainListener listener = (host, vm, change) -> {};

  private QemuCompute(Path data, QemuSettings settings, Devices devices, FileChannel claim) {
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
            new LiveDomain.Owner() {
              @Override
              public void changed(LiveDomain domain, Change change) {
                listener.changed(domain.host(), domain.vm(), change);
              }

              @Override
              public void ended(LiveDomain domain) {
                if (domains.remove(domain.vm(), domain)) {
                  devices.release(domain.host(), domain.record().spec().devices());
                  domain.folder().delete();
                  CpuGroup.of(domain.vm()).remove();
                }
              }
            });
    this.serialLogs = new SerialLogs(domainsFolder);
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
      return new QemuCompute(real, settings, devices, claim(real.resolve("run").resolve("lock")));
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "cannot use data folder " + data + ": " + e, e);
    }
  }

  /** Domains have one driver at a time: a second could only wait for them, and give them up. */
  private static FileChannel claim(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // Another driver in this very process: the same refusal.
    }
    channel.close();
    throw new DriverException(
        Reason.WRONG_STATE, "another server drives the domains of " + file.getParent());
  }

  @Override
  public void listen(DomainListener hears) {
    listener = hears;
  }

  @Override
  public List<Domain> adopt(UUID host) {
    new Adoption(domainsFolder, settings, launcher, devices, domains, building)
        .run(host, vm -> listener.changed(host, vm, Change.DIED));
    return domains.values().stream().map(LiveDomain::domain).toList();
  }

  @Override
  public Optional<Domain> find(UUID host, UUID vm) {
    return Optional.ofNullable(domains.get(vm))
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
    return build(
        spec.vm(),
        () -> {
          LiveDomain domain = launcher.start(host, spec, facts.accelerator());
          return register(domain, paused);
        });
  }

  @Override
  public Domain resume(UUID host, DomainSpec spec, Path image, boolean paused, Progress progress) {
    return build(
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

  /** Only one caller at a time builds a run of a machine, and only when there is none. */
  private Domain build(UUID vm, Supplier<Domain> work) {
    if (!building.add(vm)) {
      throw new DriverException(Reason.ALREADY_EXISTS, "the domain is being built already");
    }
    try {
      if (domains.containsKey(vm)) {
        throw new DriverException(Reason.ALREADY_EXISTS, "the domain exists already");
      }
      return work.get();
    } finally {
      building.remove(vm);
    }
  }

  private Domain register(LiveDomain domain, boolean paused) {
    domains.put(domain.vm(), domain);
    if (domain.process().gone()) {
      domain.end(); // its end came before it was known here
      domain.finish();
      throw new DriverException(Reason.FAILED, "QEMU ended at once: " + domain.folder().log());
    }
    domain.known();
    if (!paused) {
      letRun(domain);
    }
    return domain.domain();
  }

  @Override
  public void pause(UUID host, UUID vm) {
    LiveDomain domain = domain(vm);
    domain.exclusively(() -> {
      domain.requireStaying();
      domain.require(LiveDomain.Run.RUNNING);
      domain.execute("stop");
      domain.run(LiveDomain.Run.PAUSED);
    });
  }

  @Override
  public void unpause(UUID host, UUID vm) {
    LiveDomain domain = domain(vm);
    domain.exclusively(() -> {
      domain.requireStaying();
      domain.require(LiveDomain.Run.PAUSED);
      letRun(domain);
    });
  }

  /** The state comes first, since the guest may reboot or crash before the reply is here. */
  static void letRun(LiveDomain domain) {
    domain.run(LiveDomain.Run.RUNNING);
    try {
      domain.execute("cont");
    } catch (DriverException e) {
      domain.run(LiveDomain.Run.PAUSED);
      throw e;
    }
  }

  @Override
  public void requestShutdown(UUID host, UUID vm) {
    GuestPower.shutdown(domain(vm));
  }

  @Override
  public void requestReboot(UUID host, UUID vm) {
    GuestPower.reboot(domain(vm));
  }

  @Override
  public void destroy(UUID host, UUID vm) {
    LiveDomain domain = domain(vm);
    boolean first = domain.end();
    domain.stop();
    if (first) {
      domain.finish();
    }
    LiveDomain other = domains.get(vm);
    if (other != null && other != domain) {
      destroy(host, vm); // it has moved just before
    }
  }

  @Override
  public Domain reset(UUID host, UUID vm) {
    LiveDomain old = domain(vm);
    if (!building.add(vm)) {
      throw new DriverException(Reason.WRONG_STATE, "the domain is being built already");
    }
    try {
      if (!old.end()) {
        throw new DriverException(Reason.NOT_FOUND, "the domain has ended");
      }
      old.kill();
      domains.remove(vm, old);
      return register(launcher.again(old), false);
    } finally {
      building.remove(vm);
    }
  }

  @Override
  public void suspend(UUID host, UUID vm, Path image, Progress progress) {
    LiveDomain domain = domain(vm);
    domain.onDisks(() -> {
      new Suspension(domain).save(image, progress);
      if (domain.end()) {
        domain.kill();
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
    Migration migration = new Migration(domain(vm), launcher, domainsFolder);
    return migration.run(nics, handover, progress, arrived -> domains.put(vm, arrived));
  }

  @Override
  public List<NicSpec> nics(UUID host, UUID vm) {
    return domain(vm).record().spec().nics();
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
    LiveDomain domain = domain(vm);
    domain.onDisks(() -> new Checkpoint(domain).take(image, overlays, progress));
  }

  @Override
  public boolean hasAgent(UUID host, UUID vm) {
    LiveDomain domain = domains.get(vm);
    return domain != null && domain.agent().listens();
  }

  @Override
  public GuestReport askGuest(UUID host, UUID vm) {
    return domain(vm).agent().report();
  }

  @Override
  public int freeze(UUID host, UUID vm) {
    return domain(vm).agent().freeze();
  }

  @Override
  public void thaw(UUID host, UUID vm) {
    domain(vm).agent().thaw();
  }

  @Override
  public void setAddress(UUID host, UUID vm, GuestAddressing addressing) {
    domain(vm).agent().converse(line -> GuestCards.set(line, addressing));
  }

  @Override
  public void tellAgent(UUID host, UUID vm, Map<String, String> settings) {
    domain(vm).agent().converse(line -> AgentSettings.write(line, settings));
  }

  @Override
  public void plugDisk(UUID host, UUID vm, DiskSpec disk) {
    LiveDomain domain = domain(vm);
    domain.onDisks(() -> new Hotplug(domain).plugDisk(disk));
  }

  @Override
  public void unplugDisk(UUID host, UUID vm, int device) {
    LiveDomain domain = domain(vm);
    domain.onDisks(() -> new Hotplug(domain).unplugDisk(device));
  }

  @Override
  public void changeMedia(UUID host, UUID vm, int device, Optional<DiskSource> media) {
    LiveDomain domain = domain(vm);
    domain.onDisks(() -> new Hotplug(domain).changeMedia(device, media));
  }

  @Override
  public void plugNic(UUID host, UUID vm, NicSpec nic) {
    LiveDomain domain = domain(vm);
    domain.exclusively(() -> new Hotplug(domain).plugNic(nic));
  }

  @Override
  public void unplugNic(UUID host, UUID vm, int device) {
    LiveDomain domain = domain(vm);
    domain.exclusively(() -> new Hotplug(domain).unplugNic(device));
  }

  @Override
  public void switchDisks(UUID host, UUID vm, Map<Integer, DiskSource> overlays) {
    LiveDomain domain = domain(vm);
    domain.onDisks(() -> new Hotplug(domain).switchDisks(overlays));
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
    new DiskMerge(domain(vm), device).run(upper, lower, lowerName, handover, progress);
  }

  @Override
  public void moveDisk(
      UUID host, UUID vm, int device, DiskSource target, Handover handover, Progress progress) {
    new DiskMove(domain(vm), device).run(target, handover, progress);
  }

  @Override
  public void settleDisk(UUID host, UUID vm, int device, DiskSource source) {
    new DiskSettlement(domain(vm), device).run(source);
  }

  @Override
  public void resizeDisk(UUID host, UUID vm, int device, long virtualSizeBytes) {
    LiveDomain domain = domain(vm);
    domain.onDisks(() -> new Hotplug(domain).resizeDisk(device, virtualSizeBytes));
  }

  @Override
  public void setMemoryTarget(UUID host, UUID vm, long bytes) {
    LiveDomain domain = domain(vm);
    domain.exclusively(() -> Resources.setMemoryTarget(domain, bytes));
  }

  @Override
  public void setProcessors(UUID host, UUID vm, int count) {
    LiveDomain domain = domain(vm);
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
    LiveDomain domain = domain(vm);
    domain.exclusively(() -> ProcessorShares.change(domain, scheduling));
  }

  @Override
  public void trigger(UUID host, UUID vm, Trigger trigger) {
    LiveDomain domain = domain(vm);
    domain.exclusively(() -> Signals.trigger(domain, trigger));
  }

  @Override
  public void pressSysrq(UUID host, UUID vm, char key) {
    LiveDomain domain = domain(vm);
    domain.exclusively(() -> Signals.sysrq(domain, key));
  }

  @Override
  public DiskSource dumpCore(UUID host, UUID vm, Progress progress) {
    LiveDomain domain = domain(vm);
    AtomicReference<DiskSource> core = new AtomicReference<>();
    domain.exclusively(() -> core.set(new CoreDump(domain).write(progress)));
    return Objects.requireNonNull(core.get());
  }

  @Override
  public Picture picture(UUID host, UUID vm) {
    LiveDomain domain = domain(vm);
    AtomicReference<Picture> picture = new AtomicReference<>();
    domain.exclusively(() -> picture.set(new Screendump(domain).take()));
    return Objects.requireNonNull(picture.get());
  }

  @Override
  public DomainUsage usage(UUID host, UUID vm) {
    return Usage.of(domain(vm));
  }

  @Override
  public void close() {
    serialLogs.close();
    facts.close();
    domains.values().parallelStream().forEach(Adoption::letGo);
    domains.clear();
    try {
      claim.close();
    } catch (IOException e) {
      // The kernel gives it back with the process.
    }
  }

  private LiveDomain domain(UUID vm) {
    LiveDomain domain = domains.get(vm);
    if (domain == null) {
      throw new DriverException(Reason.NOT_FOUND, "no domain runs virtual machine " + vm);
    }
    return domain;
  }
}
