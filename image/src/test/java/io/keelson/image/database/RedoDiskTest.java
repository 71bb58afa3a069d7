package io.keelson.image.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.image.MemoryDisk;
import io.keelson.image.SparseSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Bases with changes on disks, whole ones and torn ones. */
class RedoDiskTest {
  private static final UUID POOL = UUID.randomUUID();
  private static final Instant TIME = Instant.ofEpochMilli(1_600_000_000_123L);

  @Property(tries = 20)
  void theNewestBaseIsReadWithTheChangesAfterIt(
      @ForAll @IntRange(min = 1, max = 4) int turns,
      @ForAll @IntRange(max = 600_000) int length,
      @ForAll @Size(max = 8) List<@IntRange(max = 20_000) Integer> sizes)
      throws IOException {
    MemoryDisk disk = new MemoryDisk(RedoDisk.SIZE);
    byte[] base = {};
    List<byte[]> changes = List.of();
    for (int turn = 0; turn < turns; turn++) {
      base = bytes(turn, length + turn);
      RedoDisk.Log log = begin(disk, base);
      // Later turns have fewer changes, so that some of an earlier turn lie behind their last.
      int kept = Math.max(0, sizes.size() - turn);
      changes = new ArrayList<>();
      for (int size : sizes.subList(0, kept)) {
        changes.add(bytes(turn * 100 + changes.size(), size));
        assertThat(log.append(changes.getLast())).isTrue();
      }
    }
    ByteArrayOutputStream found = new ByteArrayOutputStream();
    assertThat(changes(disk, found)).isEqualTo(changes.toArray(byte[][]::new));
    assertThat(found.toByteArray()).isEqualTo(base);
    assertThat(RedoDisk.look(disk).orElseThrow().pool()).isEqualTo(POOL);
  }

  /** What a crash leaves of the last change does not count; those before it do. */
  @Test
  void aTornChangeDoesNotCount() throws IOException {
    MemoryDisk disk = new MemoryDisk(RedoDisk.SIZE);
    RedoDisk.Log log = begin(disk, bytes(1, 10_000));
    byte[] first = bytes(2, 5_000);
    assertThat(log.append(first)).isTrue();
    assertThat(log.append(bytes(3, 5_000))).isTrue();
    // The second record begins behind a base of three sectors and a record of two.
    disk.write((4 << 20) + 5L * RedoDisk.SECTOR + 4_500, ByteBuffer.wrap(new byte[64]));
    assertThat(changes(disk, new ByteArrayOutputStream())).isEqualTo(new byte[][] {first});
    // A head that came to the medium in part: nothing counts.
    disk.write(0, ByteBuffer.wrap(new byte[512]));
    assertThat(RedoDisk.read(disk, new ByteArrayOutputStream())).isEmpty();
  }

  @Test
  void aFullAreaTakesNoMore() throws IOException {
    MemoryDisk disk = new MemoryDisk(RedoDisk.SIZE);
    RedoDisk.Log log = begin(disk, bytes(1, 100));
    byte[] big = new byte[33 << 20];
    for (int taken = 0; taken < 3; taken++) {
      assertThat(log.append(big)).isTrue();
    }
    assertThat(log.append(big)).isFalse();
    assertThat(changes(disk, new ByteArrayOutputStream())).hasDimensions(3, 33 << 20);
    assertThatThrownBy(() -> begin(new MemoryDisk(DatabaseDisk.SIZE), bytes(1, 1)))
        .hasMessageContaining("too small");
  }

  private static RedoDisk.Log begin(MemoryDisk disk, byte[] base) throws IOException {
    return RedoDisk.begin(disk, POOL, TIME, new ByteArrayInputStream(base));
  }

  private static byte[][] changes(SparseSource disk, OutputStream base) throws IOException {
    return RedoDisk.read(disk, base).orElseThrow().changes().toArray(byte[][]::new);
  }

  private static byte[] bytes(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
