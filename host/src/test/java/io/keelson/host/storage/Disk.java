package io.keelson.host.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.host.DiskSource;
import io.keelson.host.VolumeBytes;
import io.keelson.host.block.BlockNode;
import io.keelson.host.process.Program;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Writes and reads what is in a disk, through QEMU's own block layer. */
public final class Disk {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private Disk() {}

  /** Fills one MiB with the byte. */
  public static void write(DiskSource disk, int mib, int value) {
    assertThat(io(disk, List.of("write -P " + value + " " + mib + "M 1M")).complaint())
        .doesNotContain("error");
  }

  /** Whether each MiB holds its byte throughout. */
  public static boolean holds(DiskSource disk, List<Integer> values) {
    List<String> reads = new ArrayList<>();
    for (int mib = 0; mib < values.size(); mib++) {
      reads.add("read -P " + values.get(mib) + " " + mib + "M 1M");
    }
    Program.Outcome outcome = io(disk, reads);
    return outcome.ok() && !(outcome.output() + outcome.errors()).contains("Pattern verification");
  }

  /** The MiBs that the volume's stretches touch; it is closed. */
  static BitSet mebibytes(VolumeBytes volume) {
    BitSet touched = new BitSet();
    try (volume) {
      Optional<VolumeBytes.Stretch> next = volume.next(0);
      while (next.isPresent()) {
        long end = next.get().offset() + next.get().length();
        touched.set((int) (next.get().offset() >> 20), (int) ((end - 1) >> 20) + 1);
        next = volume.next(end);
      }
    }
    return touched;
  }

  /** Asserts that the image's own tables are in order. */
  public static void check(DiskSource disk) {
    assertThat(checked(disk)).isZero();
  }

  /** Asserts that the tables are in order but for space that a killed program took in vain. */
  static void checkAfterKill(DiskSource disk) {
    assertThat(checked(disk)).isIn(0, 3);
  }

  private static int checked(DiskSource disk) {
    return Program.run(
            LIMIT,
            Stream.concat(Stream.of("qemu-img", "check", "-q"), BlockNode.arguments(disk).stream())
                .toList())
        .exit();
  }

  private static Program.Outcome io(DiskSource disk, List<String> commands) {
    List<String> command = new ArrayList<>(List.of("qemu-io"));
    for (String each : commands) {
      command.add("-c");
      command.add(each);
    }
    command.addAll(BlockNode.arguments(disk));
    Program.Outcome outcome = Program.run(LIMIT, command);
    assertThat(outcome.errors()).isEmpty();
    return outcome;
  }
}
