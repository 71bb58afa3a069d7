package io.keelson.image.lease;

import io.keelson.image.SparseSource;
import io.keelson.image.SparseTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A disk with a sector for each host, which that host alone writes. */
public final class LeaseDisk {
  static final int SECTOR = 4096;

  /** Hosts that have room. */
  public static final int SLOTS = 64;

  /** Bytes of the disk. */
  public static final long SIZE = 4 << 20;

  private LeaseDisk() {}

  /** All leases, in the order of their slots. */
  public static List<Lease> read(SparseSource disk) throws IOException {
    return slots(disk).stream().flatMap(Optional::stream).toList();
  }

  private static List<Optional<Lease>> slots(SparseSource disk) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(SLOTS * SECTOR);
    disk.read(0, all);
    List<Optional<Lease>> slots = new ArrayList<>();
    for (int slot = 0; slot < SLOTS; slot++) {
      slots.add(Lease.read(all.slice(slot * SECTOR, SECTOR)));
    }
    return slots;
  }

  /**
   * Writes leases, each to the slot of its host or to one that is free, durable when this returns.
   *
   * @throws IOException when there is no room
   */
  public static <D extends SparseSource & SparseTarget> void write(D disk, List<Lease> leases)
      throws IOException {
    List<Optional<Lease>> slots = new ArrayList<>(slots(disk));
    for (Lease lease : leases) {
      int slot = slot(slots, lease);
      slots.set(slot, Optional.of(lease));
      disk.write((long) slot * SECTOR, lease.bytes());
    }
    disk.flush();
  }

  private static int slot(List<Optional<Lease>> slots, Lease lease) throws IOException {
    int free = -1;
    for (int slot = 0; slot < slots.size(); slot++) {
      Optional<Lease> there = slots.get(slot);
      if (there.isPresent() && there.get().host().equals(lease.host())) {
        return slot;
      }
      free = free < 0 && there.isEmpty() ? slot : free;
    }
    if (free < 0) {
      throw new IOException("the disk has room for " + SLOTS + " hosts");
    }
    return free;
  }
}
