package io.keelson.host.storage;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keelson.host.process.Program;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A block device that is a file. */
public record LoopDevice(Path path) implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** Makes one, or skips the test where the machine refuses. */
  public static LoopDevice of(Path file, long size) throws IOException {
    assumeTrue(Requirements.isRoot(), "this is root");
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.setLength(size);
    }
    Program.Outcome outcome =
        Program.run(LIMIT, List.of("losetup", "--find", "--show", file.toString()));
    assumeTrue(outcome.ok(), "the machine has loop devices: " + outcome.complaint());
    return new LoopDevice(Path.of(outcome.output().strip()));
  }

  @Override
  public void close() {
    Program.run(LIMIT, List.of("losetup", "--detach", path.toString()));
  }
}
