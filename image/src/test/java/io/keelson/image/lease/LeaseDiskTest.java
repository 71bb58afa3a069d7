package io.keelson.image.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.image.MemoryDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Sectors by which hosts tell that they live. */
class LeaseDiskTest {
  private final MemoryDisk disk = new MemoryDisk(LeaseDisk.SIZE);

  @Property
  void aLeaseIsReadAsItWasWritten(@ForAll long host, @ForAll long holder, @ForAll long sequence) {
    Lease lease = new Lease(new UUID(host, ~host), new UUID(holder, 1), sequence);
    assertThat(Lease.read(lease.bytes())).contains(lease);
    ByteBuffer torn = lease.bytes();
    torn.put(45, (byte) ~torn.get(45));
    assertThat(Lease.read(torn)).isEmpty();
  }

  @Test
  void eachHostKeepsItsSector() throws IOException {
    Lease one = fresh(1);
    Lease other = fresh(7);
    LeaseDisk.write(disk, List.of(one, other));
    Lease later = new Lease(one.host(), one.holder(), 2);
    LeaseDisk.write(disk, List.of(later));
    assertThat(LeaseDisk.read(disk)).containsExactly(later, other);
  }

  @Test
  void aFullDiskTakesNoMore() throws IOException {
    List<Lease> all = new ArrayList<>();
    for (int host = 0; host < LeaseDisk.SLOTS; host++) {
      all.add(fresh(host));
    }
    LeaseDisk.write(disk, all);
    assertThatThrownBy(() -> LeaseDisk.write(disk, List.of(fresh(1))))
        .hasMessageContaining("64 hosts");
    assertThat(LeaseDisk.read(disk)).isEqualTo(all);
  }

  private static Lease fresh(long sequence) {
    return new Lease(UUID.randomUUID(), UUID.randomUUID(), sequence);
  }
}
