package io.keelson.image.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.image.MemoryDisk;
import io.keelson.image.SparseSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Copies of databases on disks, whole ones and torn ones. */
class DatabaseDiskTest {
  private static final UUID POOL = UUID.randomUUID();
  private static final Instant TIME = Instant.ofEpochMilli(1_600_000_000_123L);

  @Property(tries = 20)
  void theNewestCopyIsRead(
      @ForAll @IntRange(min = 1, max = 5) int copies, @ForAll @IntRange(max = 600_000) int length)
      throws IOException {
    MemoryDisk disk = new MemoryDisk(DatabaseDisk.SIZE);
    byte[] last = {};
    for (int copy = 0; copy < copies; copy++) {
      last = bytes(copy, length + copy);
      DatabaseDisk.write(disk, POOL, TIME, new ByteArrayInputStream(last));
    }
    assertThat(read(disk)).isEqualTo(last);
    assertThat(DatabaseDisk.look(disk).orElseThrow().number()).isEqualTo(copies);
    assertThat(DatabaseDisk.look(disk).orElseThrow().pool()).isEqualTo(POOL);
    assertThat(DatabaseDisk.look(disk).orElseThrow().time()).isEqualTo(TIME);
  }

  /** Whatever a crash leaves of the third copy, the second is there. */
  @Test
  void aTornCopyDoesNotCount() throws IOException {
    MemoryDisk disk = new MemoryDisk(DatabaseDisk.SIZE);
    DatabaseDisk.write(disk, POOL, TIME, new ByteArrayInputStream(bytes(1, 400_000)));
    byte[] second = bytes(2, 700_000);
    DatabaseDisk.write(disk, POOL, TIME, new ByteArrayInputStream(second));
    assertThatThrownBy(() -> DatabaseDisk.write(disk, POOL, TIME, new Cut(bytes(3, 300_000))))
        .hasMessage("cut");
    assertThat(read(disk)).isEqualTo(second);
    byte[] fourth = bytes(4, 10);
    DatabaseDisk.write(disk, POOL, TIME, new ByteArrayInputStream(fourth));
    assertThat(read(disk)).isEqualTo(fourth);
    // A head that came to the medium in part: the other copy counts.
    disk.write(0, ByteBuffer.wrap(new byte[512]));
    assertThat(read(disk)).isEqualTo(second);
    disk.write(2 << 20, ByteBuffer.wrap(new byte[512]));
    assertThat(DatabaseDisk.read(disk, new ByteArrayOutputStream())).isEmpty();
  }

  /** Bytes that changed behind a head's back. */
  @Test
  void aDamagedCopyIsPassedOver() throws IOException {
    MemoryDisk disk = new MemoryDisk(DatabaseDisk.SIZE);
    byte[] first = bytes(1, 5000);
    DatabaseDisk.write(disk, POOL, TIME, new ByteArrayInputStream(first));
    DatabaseDisk.write(disk, POOL, TIME, new ByteArrayInputStream(bytes(2, 5000)));
    disk.write((4 << 20) + DatabaseDisk.MOST, ByteBuffer.wrap(new byte[512]));
    assertThat(read(disk)).isEqualTo(first);
  }

  @Test
  void otherDisksHoldNone() throws IOException {
    assertThat(DatabaseDisk.look(new MemoryDisk(4096))).isEmpty();
    assertThat(DatabaseDisk.look(new MemoryDisk(DatabaseDisk.SIZE))).isEmpty();
    assertThatThrownBy(() ->
            DatabaseDisk.write(new MemoryDisk(4096), POOL, TIME, InputStream.nullInputStream()))
        .isInstanceOf(IOException.class);
  }

  private static byte[] read(SparseSource disk) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(DatabaseDisk.read(disk, out)).isPresent();
    return out.toByteArray();
  }

  private static byte[] bytes(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Ends with a failure, as the server would while it writes. */
  private static final class Cut extends ByteArrayInputStream {
    Cut(byte[] bytes) {
      super(bytes);
    }

    @Override
    public int readNBytes(byte[] into, int offset, int length) {
      int count = super.readNBytes(into, offset, length);
      if (count == 0) {
        Arrays.fill(into, (byte) 0);
        throw new IllegalStateException("cut");
      }
      return count;
    }
  }
}
