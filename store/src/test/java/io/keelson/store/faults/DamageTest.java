package io.keelson.store.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.store.Derivation;
import io.keelson.store.JournaledStore;
import io.keelson.store.Store;
import io.keelson.store.StoreConfig;
import io.keelson.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as a power cut or a bad disk leaves them. */
class DamageTest {
  private static final int FLIPS = 200;
  private static final long SEED = 7;

  @TempDir private Path temp;

  private static Store open(Path folder) {
    return JournaledStore.open(new StoreConfig(folder, Derivation.NONE, 1_000_000, 1000));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  /** All that a store's opening must check; locks hold nothing. */
  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(f -> Files.isRegularFile(f) && !f.getFileName().toString().endsWith("lock"))
          .sorted()
          .toList();
    }
  }

  private static Path openSegment(Path folder) throws IOException {
    return files(folder).stream()
        .filter(f -> f.getFileName().toString().startsWith("log_inprogress"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void detectsEveryFlippedBit() throws IOException {
    Path folder = temp.resolve("store");
    for (int run = 0; run < 3; run++) {
      try (Store store = open(folder)) {
        for (int i = 1; i <= 5; i++) {
          long step = run * 5L + i;
          store.change(tx -> Writers.step(tx, 0, step));
        }
      }
    }
    List<Path> files = files(folder);
    assertThat(files)
        .as("store, mark, sums, 2 of Ratis, 2 snapshots, entries")
        .hasSizeGreaterThan(7);
    Random random = new Random(SEED);
    for (int i = 0; i < FLIPS; i++) {
      Path file = files.get(i % files.size());
      byte[] good = Files.readAllBytes(file);
      byte[] bad = good.clone();
      int at = random.nextInt(bad.length);
      bad[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, bad);
      assertThatThrownBy(() -> open(folder).close())
          .as("byte %d of %s", at, file)
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(file.getFileName().toString())
          .hasMessageContaining("offset");
      Files.write(file, good);
    }
    try (Store store = open(folder)) {
      assertThat(Writers.position(store.snapshot(), 0)).isEqualTo(15);
    }
  }

  @Test
  void detectsAMissingFile() throws IOException {
    Path folder = temp.resolve("store");
    Path copy = temp.resolve("copy");
    Store store = open(folder);
    store.change(tx -> Writers.step(tx, 0, 1));
    // before a snapshot makes the journal's file dispensable
    copy(folder, copy);
    store.close();
    for (Path file : files(copy)) {
      String name = file.getFileName().toString();
      if (!name.equals("mark")) {
        byte[] good = Files.readAllBytes(file);
        Files.delete(file);
        assertThatThrownBy(() -> open(copy).close(), name).isInstanceOf(StoreException.class);
        Files.write(file, good);
      }
    }
  }

  /** As a power cut leaves the file when the last entries had not been forced to the disk. */
  @Test
  void goesOnFromAnyTornTail() throws IOException {
    Path folder = temp.resolve("store");
    Path cut = temp.resolve("cut");
    long[] ends = new long[3];
    Store store = open(folder);
    store.change(tx -> Writers.step(tx, 0, 1));
    // what is acknowledged up to here is on disk; the mark in the copy will say so
    byte[] mark = Files.readAllBytes(folder.resolve("mark"));
    ends[0] = used(openSegment(folder));
    for (int i = 1; i <= 2; i++) {
      long step = i + 1L;
      store.change(tx -> Writers.step(tx, 0, step));
      ends[i] = used(openSegment(folder));
    }
    copy(folder, cut);
    store.close();
    Path segment = openSegment(cut);
    byte[] whole = Files.readAllBytes(segment);
    Random random = new Random(SEED);
    for (long end = ends[0]; end <= ends[2]; end += 1 + random.nextInt(200)) {
      Path copy = temp.resolve("copy" + end);
      copy(cut, copy);
      Files.write(copy.resolve("mark"), mark);
      Path torn = copy.resolve(cut.relativize(segment).toString());
      byte[] bytes = Arrays.copyOf(whole, random.nextBoolean() ? (int) end : whole.length);
      Arrays.fill(bytes, (int) end, bytes.length, (byte) 0);
      Files.write(torn, bytes);
      long expected =
          end < ends[1] - zeros(whole, ends[1]) ? 1 : end < ends[2] - zeros(whole, ends[2]) ? 2 : 3;
      try (Store reopened = open(copy)) {
        assertThat(Writers.position(reopened.snapshot(), 0))
            .as("cut at %d", end)
            .isEqualTo(expected);
        reopened.change(tx -> Writers.step(tx, 0, expected + 1));
      }
      try (Store again = open(copy)) {
        assertThat(Writers.position(again.snapshot(), 0)).isEqualTo(expected + 1);
      }
    }
  }

  /** An entry that was acknowledged and is no longer whole is damage, not a torn tail. */
  @Test
  void tellsLostEntriesFromUnfinishedOnes() throws IOException {
    Path folder = temp.resolve("store");
    Path cut = temp.resolve("cut");
    Store store = open(folder);
    store.change(tx -> Writers.step(tx, 0, 1));
    long before = used(openSegment(folder));
    store.change(tx -> Writers.step(tx, 0, 2));
    copy(folder, cut);
    store.close();
    Path segment = openSegment(cut);
    byte[] whole = Files.readAllBytes(segment);
    for (int shorter : new int[] {1, 5, 30}) {
      byte[] bytes = whole.clone();
      Arrays.fill(bytes, (int) before + shorter, bytes.length, (byte) 0);
      Files.write(segment, bytes);
      assertThatThrownBy(() -> open(cut).close())
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(segment.getFileName().toString());
    }
  }

  /** Where the zeros set aside begin. */
  private static long used(Path segment) throws IOException {
    byte[] bytes = Files.readAllBytes(segment);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }

  /** A checksum may end with zeros, which a cut does not change. */
  private static int zeros(byte[] bytes, long end) {
    int count = 0;
    while (bytes[(int) end - 1 - count] == 0) {
      count++;
    }
    return count;
  }
}
