package io.keelson.host.qemu;

import io.keelson.host.Devices;
import io.keelson.host.DiskSource;
import io.keelson.host.DiskSpec;
import io.keelson.host.DomainSpec;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.GuestFacts;
import io.keelson.host.NicSpec;
import io.keelson.host.process.Program;
import io.keelson.host.qemu.qmp.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** Brings runs of domains into being; each is stopped before its first instruction. */
final class Launcher {
  /** The board whose every slot takes devices while the guest runs, as most guests know it. */
  private static final String MACHINE = "pc";

  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final Path domains;
  private final QemuSettings settings;
  private final TpmFiles tpms;
  private final Devices devices;
  private final Domids domids;
  private final LiveDomain.Owner owner;

  Launcher(
      Path domains,
      QemuSettings settings,
      TpmFiles tpms,
      Devices devices,
      Domids domids,
      LiveDomain.Owner owner) {
    this.domains = domains;
    this.settings = settings;
    this.tpms = tpms;
    this.devices = devices;
    this.domids = domids;
    this.owner = owner;
  }

  LiveDomain start(UUID host, DomainSpec spec, Accelerator accelerator) {
    spec.check();
    DomainRecord record =
        new DomainRecord(
            domids.next(), spec, Slots.assign(spec), MACHINE, accelerator, Optional.empty());
    RunFolder folder = RunFolder.of(domains, spec.vm());
    folder.create();
    spec.tpm().map(tpms::folder).ifPresent(folder::linkTpm);
    return launch(host, record, folder, false);
  }

  /** The same machine once more, after its last run has ended. */
  LiveDomain again(LiveDomain old) {
    old.folder().clear();
    DomainRecord record = old.record().withDomid(domids.next());
    return launch(old.host(), record, old.folder(), false);
  }

  /** A machine that waits for its memory from the image, with its devices where they were. */
  LiveDomain resume(UUID host, DomainSpec spec, Path image) {
    spec.check();
    DomainRecord saved = SuspendImage.record(image);
    DomainSpec was = saved.spec();
    boolean same =
        Slots.assign(spec).keySet().equals(saved.slots().keySet())
            && spec.memoryMaxBytes() == was.memoryMaxBytes()
            && spec.processorsMax() == was.processorsMax()
            && spec.tpm().isPresent() == was.tpm().isPresent();
    if (!same) {
      throw new DriverException(
          Reason.INVALID,
          "the machine was suspended with other devices, memory or processors: "
              + saved.slots().keySet()
              + ", "
              + was.memoryMaxBytes()
              + " bytes, "
              + was.processorsMax()
              + " processors"
              + (was.tpm().isPresent() ? ", a TPM" : ", no TPM"));
    }
    RunFolder folder = RunFolder.of(domains, spec.vm());
    folder.create();
    spec.tpm().map(tpms::folder).ifPresent(folder::linkTpm);
    // What the guest has read it must find again; only of its generation it may hear anew.
    boolean sameKind =
        spec.facts().generation().isPresent() == was.facts().generation().isPresent();
    GuestFacts facts =
        new GuestFacts(
            was.facts().biosStrings(),
            sameKind ? spec.facts().generation() : was.facts().generation(),
            was.facts().data(),
            was.facts().agentSettings());
    DomainSpec now = spec.with(changes -> changes.processors(was.processors()).facts(facts));
    return launch(host, saved.withDomid(domids.next()).withSpec(now), folder, true);
  }

  /** Makes sure that such a machine can go on here; raises UNSUPPORTED. */
  void requireKind(DomainRecord saved, Accelerator here) {
    if (saved.accelerator() != here) {
      throw new DriverException(
          Reason.UNSUPPORTED,
          "the machine was run by " + saved.accelerator() + ", and this host has " + here);
    }
    Program.Outcome known =
        Program.run(ANSWER, List.of(settings.program().toString(), "-machine", "help"));
    boolean same = known.output().lines().anyMatch(line -> line.startsWith(saved.machine() + " "));
    if (!same) {
      throw new DriverException(
          Reason.UNSUPPORTED, "QEMU here knows no machine " + saved.machine());
    }
  }

  /** A process into which a running machine is to move, beside the one that it has. */
  LiveDomain arriving(LiveDomain source, List<NicSpec> nics) {
    DomainRecord record = source.record();
    DomainSpec was = record.spec();
    boolean same =
        nics.stream()
            .map(NicSpec::device)
            .collect(Collectors.toSet())
            .equals(was.nics().stream().map(NicSpec::device).collect(Collectors.toSet()));
    if (!same) {
      throw new DriverException(Reason.INVALID, "the machine has other network cards: " + nics);
    }
    // What is kept of reads is open where the machine comes from, and of no other host.
    List<DiskSpec> arriving =
        was.disks().stream()
            .map(disk -> disk.with(disk.source().map(DiskSource::withoutReads)))
            .toList();
    RunFolder folder = RunFolder.arriving(domains, source.vm());
    folder.create();
    if (was.tpm().isPresent()) {
      folder.linkTpm(folder.arrivingTpm());
    }
    return launch(
        source.host(),
        record
            .withMachine(Suspension.machine(source))
            .withSpec(was.with(changes -> changes.nics(nics).disks(arriving)))
            .withDomid(domids.next()),
        folder,
        true);
  }

  /** Lets the TPM of a machine that has arrived remember where it did before. */
  void keepTpm(LiveDomain arrived) {
    arrived.record().spec().tpm().map(tpms::folder).ifPresent(arrived.folder()::linkTpm);
  }

  private LiveDomain launch(UUID host, DomainRecord record, RunFolder folder, boolean incoming) {
    Optional<UUID> tpm = record.spec().tpm();
    try {
      folder.save(record);
      GuestFacts facts = record.spec().facts();
      folder.write(RunFolder.GUEST_DATA, Json.texts(facts.data()).write());
      folder.write(RunFolder.AGENT_SETTINGS, Json.texts(facts.agentSettings()).write());
      if (tpm.isPresent()) {
        tpms.require();
        TpmProcess.start(settings, folder);
      }
      devices.prepare(host, record.spec().devices());
      QemuProcess process =
          QemuProcess.start(settings.program(), CommandLine.of(record, incoming), folder);
      try {
        LiveDomain domain = connect(host, record, folder, process);
        ProcessorShares.start(domain);
        if (!incoming && record.spec().memoryTargetBytes() < record.spec().memoryMaxBytes()) {
          domain.execute("balloon", Json.object().put("value", record.spec().memoryTargetBytes()));
        }
        return domain;
      } catch (DriverException e) {
        process.kill();
        boolean _ = process.awaitGone(settings.command());
        throw e;
      }
    } catch (DriverException e) {
      tpm.ifPresent(_ -> TpmProcess.kill(settings, folder));
      devices.release(host, record.spec().devices());
      folder.delete();
      throw e;
    }
  }

  /** A domain whose process runs already. */
  LiveDomain connect(UUID host, DomainRecord record, RunFolder folder, QemuProcess process) {
    return new LiveDomain(host, record, folder, process, settings, owner, settings.start());
  }

  /** Ends a domain that did not get far enough to be known. */
  void giveUp(LiveDomain domain) {
    domain.end();
    ProcessEnd.killTpm(domain);
    ProcessEnd.kill(domain);
    devices.release(domain.host(), domain.record().spec().devices());
    domain.folder().delete();
  }
}
