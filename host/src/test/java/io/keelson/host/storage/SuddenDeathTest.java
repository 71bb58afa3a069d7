package io.keelson.host.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.host.DiskSource;
import io.keelson.host.Volume;
import io.keelson.host.process.Program;
import io.keelson.host.storage.folder.Chain;
import io.keelson.host.storage.folder.Folder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that changes a repository is killed at any instant; nothing may be lost. */
final class SuddenDeathTest {
  private static final int DEATHS = 12;
  private static final long MIB = 1L << 20;

  @TempDir Path folder;
  private final UUID host = UUID.randomUUID();
  private final UUID sr = UUID.randomUUID();
  private final UUID origin = UUID.randomUUID();

  @Test
  void everyVolumeIsReadableAfterAKill() throws Exception {
    FileStorage first = new FileStorage(folder);
    first.create(host, sr, Map.of(), 0);
    first.attach(host, sr, Map.of());
    first.createVolume(host, sr, origin, 2 * MIB);
    Disk.write(first.open(host, sr, origin, false), 0, 77);
    first.detach(host, sr);

    Random random = new Random(1);
    for (int death = 0; death < DEATHS; death++) {
      Killed killed = runAndKill(100 + random.nextInt(500));
      verify(killed);
    }
  }

  /** What the process had said that must be there, and what must not be. */
  private record Killed(Set<UUID> made, Set<UUID> gone) {}

  private Killed runAndKill(int afterMillis) throws Exception {
    String java = ProcessHandle.current().info().command().orElse("java");
    Process process =
        new ProcessBuilder(
                "setsid",
                java,
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Changer.class.getName(),
                folder.toString(),
                sr.toString(),
                origin.toString())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); !"ready".equals(line); line = reader.readLine()) {
        assertThat(line).isNotNull();
      }
      // The instant is at random on purpose: whatever it is, the outcome must be right.
      boolean ended = process.waitFor(afterMillis, TimeUnit.MILLISECONDS);
      assertThat(ended).as("it works until it is killed").isFalse();
      // With all of its programs, as a power cut would: they are in a group of their own.
      assertThat(signal("-9", process.pid())).as("it is killed").isTrue();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      Awaitility.await().until(() -> !signal("-0", process.pid()));
      Set<UUID> made = new HashSet<>();
      Set<UUID> gone = new HashSet<>();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith("made ") && line.length() == 41) {
          made.add(UUID.fromString(line.substring(5)));
        } else if (line.startsWith("gone ") && line.length() == 41) {
          gone.add(UUID.fromString(line.substring(5)));
        }
      }
      return new Killed(made, gone);
    }
  }

  /** Signals the group; says whether there was anybody in it. */
  private static boolean signal(String signal, long group) {
    return Program.run(Duration.ofSeconds(5), List.of("sh", "-c", "kill " + signal + " -" + group))
        .ok();
  }

  private void verify(Killed killed) throws IOException {
    FileStorage storage = new FileStorage(folder);
    storage.attach(host, sr, Map.of());
    List<Volume> volumes = storage.scan(host, sr);
    List<UUID> found = volumes.stream().map(Volume::vdi).toList();
    assertThat(found).contains(origin).noneMatch(killed.gone()::contains);
    Set<UUID> lost = new HashSet<>(killed.made());
    lost.removeAll(killed.gone());
    lost.removeAll(found);
    assertThat(lost).as("but the one that was just being destroyed").hasSizeLessThanOrEqualTo(1);
    for (Volume volume : volumes) {
      DiskSource source = storage.open(host, sr, volume.vdi(), false);
      assertThat(Disk.holds(source, List.of(77))).as("volume %s", volume.vdi()).isTrue();
      Disk.checkAfterKill(source);
      if (!volume.vdi().equals(origin)) {
        storage.destroyVolume(host, sr, volume.vdi());
      }
    }
    storage.undoFork(host, sr, origin, UUID.randomUUID());
    // Whatever was interrupted, no more is left than the origin and what it rests on.
    storage.detach(host, sr);
    storage.attach(host, sr, Map.of());
    long links = Chain.from(new Folder(root()), new Folder(root()).target(origin)).links().size();
    try (Stream<Path> images = Files.list(root().resolve("images"))) {
      assertThat(images.count()).isEqualTo(links);
    }
    storage.detach(host, sr);
  }

  private Path root() {
    return folder.resolve(sr.toString());
  }
}
