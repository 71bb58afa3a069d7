package io.keelson.control.audit;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether an audit log is as it was written, and if not, where it was changed.
 *
 * @param lines how many there are
 * @param last the number and the hash of the last, to be kept elsewhere: an end that was cut off
 *     shows by it alone
 * @param faults where and what, a line each
 */
public record AuditCheck(long lines, String last, List<String> faults) {
  public AuditCheck {
    faults = List.copyOf(faults);
  }

  /**
   * Reads the log of a folder.
   *
   * @param known the number and the hash of a line as it once was: {@code NUMBER:HASH}
   */
  public static AuditCheck of(Path folder, Optional<String> known) throws IOException {
    Reading reading = new Reading();
    for (Path file : AuditFiles.in(folder)) {
      reading.read(file, known);
    }
    if (known.isPresent() && !reading.knownSeen) {
      reading.faults.add("line " + known.get() + " is not there as it was");
    }
    return new AuditCheck(reading.lines, reading.number + ":" + reading.hash, reading.faults);
  }

  private static final class Reading {
    private final List<String> faults = new ArrayList<>();
    private long lines;
    private long number;
    private String hash = AuditLine.NOTHING;
    private boolean begun;
    private boolean knownSeen;

    private void read(Path file, Optional<String> known) throws IOException {
      try (BufferedReader in = Files.newBufferedReader(file)) {
        int at = 0;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          at++;
          String where = file.getFileName() + ":" + at + ": ";
          if (at == 1) {
            head(where, line);
          } else {
            line(where, line, known);
          }
        }
      }
    }

    private void head(String where, String line) {
      Optional<String> follows = AuditLine.parseHead(line);
      if (follows.isEmpty()) {
        faults.add(where + "what the file follows was changed");
      } else if (begun && !follows.get().equals(hash)) {
        faults.add(where + "the file does not follow the one before: lines are missing between");
        hash = follows.get();
        number = 0;
      } else {
        hash = follows.get();
      }
      begun = true;
    }

    private void line(String where, String text, Optional<String> known) {
      Optional<AuditLine> parsed = AuditLine.parse(text);
      if (parsed.isEmpty()) {
        faults.add(where + "the line was changed: it cannot be read");
        return;
      }
      AuditLine line = parsed.get();
      if (number != 0 && line.number() != number + 1) {
        faults.add(where + "lines are missing before number " + line.number());
      } else if (!line.expected(hash).equals(line.hash())) {
        faults.add(where + "number %d, or the line before, was changed".formatted(line.number()));
      }
      lines++;
      number = line.number();
      hash = line.hash();
      knownSeen |= known.filter((number + ":" + hash)::equals).isPresent();
    }
  }
}
