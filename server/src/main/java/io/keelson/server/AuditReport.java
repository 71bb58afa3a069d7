package io.keelson.server;

import io.keelson.control.audit.AuditCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * {@code audit verify --data DIR [--known NUMBER:HASH]}: whether the audit log is as it was
 * written.
 *
 * @param whole whether it is
 */
record AuditReport(String text, boolean whole) {

  /**
   * @throws UsageError when the words make no sense
   */
  static AuditReport of(List<String> words) throws IOException {
    Iterator<String> rest = words.iterator();
    if (!rest.hasNext() || !rest.next().equals("verify")) {
      throw new UsageError("audit knows verify");
    }
    Optional<Path> data = Optional.empty();
    Optional<String> known = Optional.empty();
    while (rest.hasNext()) {
      String option = rest.next();
      if (!rest.hasNext()) {
        throw new UsageError(option + " needs a value");
      }
      switch (option) {
        case "--data" -> data = Optional.of(Path.of(rest.next()));
        case "--known" -> known = Optional.of(rest.next());
        default -> throw new UsageError("audit verify does not know " + option);
      }
    }
    Path folder =
        data.orElseThrow(() -> new UsageError("audit verify needs --data DIR")).resolve("audit");
    if (!Files.isDirectory(folder)) {
      throw new UsageError("there is no audit log in " + folder);
    }
    return of(AuditCheck.of(folder, known));
  }

  private static AuditReport of(AuditCheck check) {
    StringBuilder text = new StringBuilder();
    check.faults().forEach(fault -> text.append(fault).append(System.lineSeparator()));
    text.append("%d lines, the last is %s%n".formatted(check.lines(), check.last()));
    text.append(check.faults().isEmpty() ? "nothing was changed%n".formatted() : "");
    return new AuditReport(text.toString(), check.faults().isEmpty());
  }
}
