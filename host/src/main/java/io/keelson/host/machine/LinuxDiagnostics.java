package io.keelson.host.machine;

import io.keelson.host.Diagnostics;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.process.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Asks the kernel and the programs of this machine. */
public final class LinuxDiagnostics implements Diagnostics {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Keys of the kernel's sysrq that write to its log and do no more (admin-guide/sysrq). */
  private static final String HARMLESS = "hlmpqtwz";

  private final Path root;

  public LinuxDiagnostics() {
    this(Path.of("/"));
  }

  LinuxDiagnostics(Path root) {
    this.root = root;
  }

  @Override
  public String kernelLog(UUID host, boolean clear) {
    Program.Outcome outcome =
        Program.run(PATIENCE, clear ? List.of("dmesg", "--read-clear") : List.of("dmesg"));
    if (!outcome.ok()) {
      throw new DriverException(Reason.UNSUPPORTED, outcome.complaint());
    }
    return outcome.output();
  }

  @Override
  public void debugKeys(UUID host, String keys) {
    if (keys.isEmpty() || keys.chars().anyMatch(key -> HARMLESS.indexOf(key) < 0)) {
      throw new DriverException(
          Reason.INVALID, "only keys that write to the log are passed on: " + HARMLESS);
    }
    Path trigger = root.resolve("proc/sysrq-trigger");
    try {
      for (String key : keys.split("")) {
        Files.writeString(trigger, key, StandardOpenOption.WRITE);
      }
    } catch (IOException e) {
      throw new DriverException(Reason.UNSUPPORTED, "this process may not: " + e, e);
    }
  }

  @Override
  public List<Subject> subjects(UUID host) {
    return ReportSubject.ALL.stream().map(ReportSubject::subject).toList();
  }

  @Override
  public Map<String, String> report(UUID host, String key) {
    ReportSubject subject =
        ReportSubject.ALL.stream()
            .filter(s -> s.key().equals(key))
            .findFirst()
            .orElseThrow(() -> new DriverException(Reason.NOT_FOUND, "no subject " + key));
    Map<String, String> texts = new LinkedHashMap<>();
    KernelFiles files = new KernelFiles(root);
    subject.files().forEach(file -> texts.put(file.replace('/', '.'), files.text(file) + "\n"));
    subject
        .commands()
        .forEach(command -> texts.put(command.replace(' ', '_').replace('/', '.'), said(command)));
    return texts;
  }

  /** What a program says, or why it says nothing. */
  private static String said(String command) {
    try {
      Program.Outcome outcome = Program.run(PATIENCE, List.of(command.split(" ")));
      return outcome.output() + outcome.errors();
    } catch (DriverException e) {
      return e.getMessage() + "\n";
    }
  }
}
