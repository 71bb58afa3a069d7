package io.keelson.image.xva;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.image.ImageException;
import io.keelson.image.MemoryDisk;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A disk as an archive of its own. */
class DiskArchiveTest {
  private static final int SIZE = (5 << 20) + 512;

  @Test
  void diskComesBackOnOneAsLargeOrLarger() throws IOException {
    MemoryDisk disk = disk();
    for (String folder : new String[] {"disk", "a/b"}) {
      byte[] archive = archive(disk, folder);
      for (int more : new int[] {0, 512, 3 << 20}) {
        MemoryDisk target = new MemoryDisk(SIZE + more);
        DiskArchive.read(new ByteArrayInputStream(archive), target);
        assertThat(target.contents()).isEqualTo(disk.contents());
      }
    }
  }

  @Test
  void whatIsCutOffDamagedOrTooLargeIsRefused() throws IOException {
    byte[] archive = archive(disk(), "disk");
    refused(Arrays.copyOf(archive, archive.length / 2), SIZE);
    refused(new byte[0], SIZE);
    refused(new byte[1024], SIZE);
    refused(archive, SIZE - 512);
    byte[] damaged = archive.clone();
    damaged[600] ^= 1;
    refused(damaged, SIZE);
  }

  private static void refused(byte[] archive, long size) {
    MemoryDisk target = new MemoryDisk(size);
    assertThatThrownBy(() -> DiskArchive.read(new ByteArrayInputStream(archive), target))
        .isInstanceOf(ImageException.class);
  }

  private static MemoryDisk disk() throws IOException {
    MemoryDisk disk = new MemoryDisk(SIZE);
    byte[] bytes = new byte[1500 * 1024];
    Arrays.fill(bytes, (byte) 9);
    disk.write(0, ByteBuffer.wrap(bytes, 0, 512));
    disk.write(3 << 20, ByteBuffer.wrap(bytes));
    disk.write(SIZE - 512, ByteBuffer.wrap(bytes, 0, 512));
    return disk;
  }

  private static byte[] archive(MemoryDisk disk, String folder) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DiskArchive.write(folder, disk, out, Clock.systemUTC());
    return out.toByteArray();
  }
}
