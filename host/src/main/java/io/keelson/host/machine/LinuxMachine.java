package io.keelson.host.machine;

import io.keelson.host.CrashDumps;
import io.keelson.host.Diagnostics;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Machine;
import io.keelson.host.Patching;
import io.keelson.host.Power;
import io.keelson.host.patch.PatchPrograms;
import io.keelson.host.process.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The machine this process runs on, as its Linux kernel tells it; every host named is this one. */
public final class LinuxMachine implements Machine {
  private static final String NAME = "proc/sys/kernel/hostname";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final KernelFiles files;
  private final Diagnostics diagnostics;
  private final Optional<String> renameCommand;
  private final CrashDumps crashDumps;
  private List<ProcessorTime> before;

  /**
   * @param renameCommand given to a shell to name the machine, with the name behind it
   */
  public LinuxMachine(Optional<String> renameCommand) {
    this(Path.of("/"), renameCommand);
  }

  LinuxMachine(Path root, Optional<String> renameCommand) {
    this(root, renameCommand, root.resolve("var/crash"));
  }

  /**
   * @param root of the file system
   * @param renameCommand given to a shell to name the machine, with the name behind it
   * @param crashes folder of the kernel's crash dumps
   */
  public LinuxMachine(Path root, Optional<String> renameCommand, Path crashes) {
    crashDumps = new KdumpFolder(crashes, ZoneId.systemDefault());
    files = new KernelFiles(root);
    this.renameCommand = renameCommand;
    diagnostics = new LinuxDiagnostics(root);
    before = ProcessorTime.read(files);
  }

  @Override
  public Facts facts(UUID host) {
    List<Processor> processors = ProcessorFacts.read(files);
    return new Facts(
        files.text(NAME),
        MemoryFacts.read(files).total(),
        bootTime(),
        files.text("proc/sys/kernel/random/boot_id"),
        files.text("proc/sys/kernel/osrelease"),
        distribution(),
        BiosStrings.read(files),
        ProcessorFacts.sockets(files),
        processors);
  }

  @Override
  public synchronized Load load(UUID host) {
    List<ProcessorTime> now = ProcessorTime.read(files);
    List<Double> utilisation = ProcessorTime.utilisation(before, now);
    before = now;
    return new Load(MemoryFacts.read(files).available(), utilisation, runnable());
  }

  @Override
  public void rename(UUID host, String hostname) {
    String command = renameCommand.orElseThrow(() -> Power.unset("hostname"));
    Program.Outcome outcome =
        Program.run(PATIENCE, List.of("sh", "-c", command + " \"$1\"", "sh", hostname));
    if (!outcome.ok()) {
      throw new DriverException(Reason.FAILED, outcome.complaint());
    }
    if (!files.text(NAME).equals(hostname)) {
      throw new DriverException(
          Reason.FAILED, "the command has left the machine's name at " + files.text(NAME));
    }
  }

  @Override
  public Patching patching() {
    return new PatchPrograms();
  }

  @Override
  public Diagnostics diagnostics() {
    return diagnostics;
  }

  @Override
  public CrashDumps crashDumps() {
    return crashDumps;
  }

  private double runnable() {
    String first = files.text("proc/loadavg").split(" ", 2)[0];
    return first.matches("\\d+\\.\\d+") ? Double.parseDouble(first) : 0;
  }

  private Instant bootTime() {
    return files
        .text("proc/stat")
        .lines()
        .filter(line -> line.startsWith("btime "))
        .map(line -> Instant.ofEpochSecond(Long.parseLong(line.substring(6).strip())))
        .findFirst()
        .orElse(Instant.EPOCH);
  }

  private String distribution() {
    return files
        .text("etc/os-release")
        .lines()
        .filter(line -> line.startsWith("PRETTY_NAME="))
        .map(line -> line.substring("PRETTY_NAME=".length()).replaceAll("^[\"']|[\"']$", ""))
        .findFirst()
        .orElse("Linux");
  }
}
