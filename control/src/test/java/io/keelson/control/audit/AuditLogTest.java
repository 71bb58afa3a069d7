package io.keelson.control.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.control.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log on disk: its chain, its bounds, what changes and crashes leave of it. */
class AuditLogTest {
  private final TestClock clock = new TestClock();
  @TempDir Path folder;

  private AuditLog open(AuditLog.Bounds bounds) {
    AuditLog log = new AuditLog(folder, clock, bounds);
    log.open();
    return log;
  }

  private void write(int lines) {
    try (AuditLog log = open(AuditLog.Bounds.USUAL)) {
      for (int i = 0; i < lines; i++) {
        log.add("('entry %d')".formatted(i));
      }
    }
  }

  private AuditCheck check() throws IOException {
    return AuditCheck.of(folder, Optional.empty());
  }

  private Path only() throws IOException {
    return AuditFiles.in(folder).getFirst();
  }

  @Test
  void goesOnOverStarts() throws IOException {
    write(3);
    write(0);
    write(2);
    assertThat(check().faults()).isEmpty();
    assertThat(check().lines()).isEqualTo(5);
    assertThat(check().last()).startsWith("5:");
    assertThat(Files.getPosixFilePermissions(only())).hasSize(2);
  }

  @Test
  void everyByteThatIsChangedShows() throws IOException {
    write(8);
    byte[] whole = Files.readAllBytes(only());
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      byte[] changed = whole.clone();
      int at = random.nextInt(changed.length);
      changed[at] = (byte) (changed[at] ^ (1 << random.nextInt(5)));
      Files.write(only(), changed);
      // What is no text any more cannot be read at all, and that shows as well.
      assertThat(readable() ? check().faults() : List.of("unreadable"))
          .as("byte %d of %s", at, only())
          .isNotEmpty();
    }
  }

  private boolean readable() {
    try {
      return !Files.readString(only()).isEmpty();
    } catch (IOException _) {
      return false;
    }
  }

  @Test
  void saysWhichLineWasChanged() throws IOException {
    write(8);
    List<String> lines = Files.readAllLines(only());
    List<String> changed = new ArrayList<>(lines);
    changed.set(4, lines.get(4).replace("entry 3", "entry 9"));
    Files.write(only(), changed);
    assertThat(check().faults())
        .singleElement()
        .asString()
        .contains(only().getFileName() + ":5: number 4");
    changed = new ArrayList<>(lines);
    changed.remove(6);
    Files.write(only(), changed);
    assertThat(check().faults()).singleElement().asString().contains(":7: lines are missing");
    // The hash made anew does not help: the next line covers it.
    changed = new ArrayList<>(lines);
    AuditLine before = AuditLine.parse(lines.get(3)).orElseThrow();
    changed.set(4, AuditLine.after(before.hash(), 4, clock.instant(), "('forged')").text());
    Files.write(only(), changed);
    assertThat(check().faults()).singleElement().asString().contains(":6: number 5");
  }

  @Test
  void anEndThatWasCutOffShowsByWhatIsKeptElsewhere() throws IOException {
    write(8);
    Optional<String> known = Optional.of(check().last());
    assertThat(AuditCheck.of(folder, known).faults()).isEmpty();
    List<String> lines = Files.readAllLines(only());
    Files.write(only(), lines.subList(0, 7));
    assertThat(check().faults()).isEmpty();
    assertThat(AuditCheck.of(folder, known).faults()).hasSize(1);
  }

  @Test
  void whatACrashLeftOfALineIsTakenAway() throws IOException {
    write(3);
    Files.writeString(
        only(), "20260101T00:00:00.000Z|audit|4|half a li", StandardOpenOption.APPEND);
    write(2);
    assertThat(check().faults()).isEmpty();
    assertThat(check().lines()).isEqualTo(5);
    Files.writeString(only(), "");
    write(1);
    assertThat(check().lines()).isEqualTo(1);
  }

  @Test
  void theOldestFileMakesRoom() throws IOException {
    AuditLog.Bounds small = new AuditLog.Bounds(2_000, 3);
    try (AuditLog log = open(small)) {
      for (int i = 0; i < 200; i++) {
        log.add("('entry')");
      }
    }
    assertThat(AuditFiles.in(folder)).hasSize(3);
    assertThat(check().faults()).isEmpty();
    assertThat(check().last()).startsWith("200:");
    try (AuditLog log = open(small)) {
      log.add("('later')");
    }
    assertThat(check().faults()).isEmpty();
    List<Path> files = AuditFiles.in(folder);
    Files.delete(files.get(1));
    assertThat(check().faults()).singleElement().asString().contains("lines are missing between");
  }

  @Test
  void isReadFromATimeOn() throws IOException {
    try (AuditLog log = open(AuditLog.Bounds.USUAL)) {
      log.add("('early')");
      clock.forward(Duration.ofMinutes(1));
      Instant since = clock.instant();
      log.add("('late')");
      List<String> lines = new ArrayList<>();
      log.read(since, lines::add);
      assertThat(lines).singleElement().asString().contains("late");
      log.read(Instant.EPOCH, lines::add);
      assertThat(lines).hasSize(3);
    }
  }
}
