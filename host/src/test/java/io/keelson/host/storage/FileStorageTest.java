package io.keelson.host.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.host.Storage;
import io.keelson.host.Volume;
import io.keelson.host.VolumeBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileStorageTest {
  private static final long MIB = 1L << 20;
  private static final UUID HOST = UUID.randomUUID();

  @TempDir Path data;
  private final UUID sr = UUID.randomUUID();
  private Storage storage;

  @BeforeEach
  void attached() {
    storage = new FileStorage(data.resolve("sr"));
    storage.create(HOST, sr, Map.of(), 0);
    storage.attach(HOST, sr, Map.of());
  }

  private static Reason reason(Runnable call) {
    return catchThrowableOfType(DriverException.class, call::run).reason();
  }

  private UUID volume(long size) {
    return storage.createVolume(HOST, sr, UUID.randomUUID(), size).vdi();
  }

  private DiskSource open(UUID vdi) {
    return storage.open(HOST, sr, vdi, false);
  }

  private List<String> images() throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("sr").resolve(sr.toString() + "/images"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void sizesAreWholeMebibytesUpToSixtyFourTebibytes() {
    assertThat(storage.describe(HOST, sr, volume(1)).virtualSize()).isEqualTo(MIB);
    Volume largest = storage.createVolume(HOST, sr, UUID.randomUUID(), 64L << 40);
    assertThat(largest.virtualSize()).isEqualTo(64L << 40);
    assertThat(largest.used()).isLessThan(4 * MIB);
    assertThat(reason(() -> volume((64L << 40) + 1))).isEqualTo(Reason.INVALID);
    assertThat(reason(() -> volume(0))).isEqualTo(Reason.INVALID);
    assertThat(reason(() -> volume(-1))).isEqualTo(Reason.INVALID);
  }

  @Test
  void aVolumeHoldsWhatWasWrittenAlsoAfterItGrew() {
    UUID vdi = volume(2 * MIB);
    Disk.write(open(vdi), 1, 7);
    assertThat(storage.resize(HOST, sr, vdi, 4 * MIB).virtualSize()).isEqualTo(4 * MIB);
    assertThat(Disk.holds(open(vdi), List.of(0, 7, 0, 0))).isTrue();
    assertThat(reason(() -> storage.resize(HOST, sr, vdi, MIB))).isEqualTo(Reason.INVALID);
    assertThat(storage.scan(HOST, sr)).containsExactly(storage.describe(HOST, sr, vdi));
  }

  /** To compare a disk with its snapshot, only what was written since need be read. */
  @Test
  void whatTwoVolumesShareNeedNotBeCompared() {
    UUID vdi = volume(8 * MIB);
    Disk.write(open(vdi), 1, 1);
    Disk.write(open(vdi), 2, 2);
    UUID snapshot = UUID.randomUUID();
    storage.fork(HOST, sr, vdi, snapshot, false);
    Disk.write(open(vdi), 5, 5);
    try (VolumeBytes bytes = storage.bytes(HOST, sr, vdi, false)) {
      bytes.zero(2 * MIB, MIB);
    }
    storage.fork(HOST, sr, vdi, UUID.randomUUID(), false);
    Disk.write(open(vdi), 6, 6);
    assertThat(Disk.mebibytes(storage.bytesBeside(HOST, sr, vdi, snapshot)))
        .isEqualTo(BitSet.valueOf(new long[] {0b0110_0100}));
    assertThat(Disk.mebibytes(storage.bytesBeside(HOST, sr, snapshot, vdi)).isEmpty()).isTrue();
    UUID stranger = volume(8 * MIB);
    assertThat(Disk.mebibytes(storage.bytesBeside(HOST, sr, vdi, stranger)))
        .isEqualTo(BitSet.valueOf(new long[] {0b0110_0010}));
  }

  @Test
  void aForkAndItsOriginalGoTheirOwnWays() throws IOException {
    UUID vdi = volume(2 * MIB);
    Disk.write(open(vdi), 0, 1);
    UUID copy = UUID.randomUUID();
    Storage.Fork fork = storage.fork(HOST, sr, vdi, copy, false);
    assertThat(fork.rebased()).isEqualTo(open(vdi));
    assertThat(fork.copy()).isEqualTo(storage.describe(HOST, sr, copy));
    Disk.write(open(vdi), 0, 2);
    Disk.write(open(copy), 1, 3);
    assertThat(Disk.holds(open(vdi), List.of(2, 0))).isTrue();
    assertThat(Disk.holds(open(copy), List.of(1, 3))).isTrue();
    assertThat(images()).hasSize(3);

    storage.destroyVolume(HOST, sr, vdi);
    assertThat(Disk.holds(open(copy), List.of(1, 3))).isTrue();
    assertThat(images()).hasSize(2);
    storage.destroyVolume(HOST, sr, copy);
    assertThat(images()).isEmpty();
    assertThat(storage.scan(HOST, sr)).isEmpty();
    assertThat(reason(() -> storage.destroyVolume(HOST, sr, vdi))).isEqualTo(Reason.NOT_FOUND);
  }

  @Test
  void cloningATemplateAgainDoesNotDeepenIt() throws IOException {
    UUID template = volume(MIB);
    Disk.write(open(template), 0, 9);
    for (int i = 0; i < 5; i++) {
      UUID clone = UUID.randomUUID();
      storage.fork(HOST, sr, template, clone, false);
      assertThat(Disk.holds(open(clone), List.of(9))).isTrue();
    }
    assertThat(images()).hasSize(7);
  }

  @Test
  void aLiveForkLeavesTheImageThatTheDomainHasOpen() {
    UUID vdi = volume(MIB);
    DiskSource open = open(vdi);
    Disk.write(open, 0, 1);
    UUID copy = UUID.randomUUID();
    Storage.Fork fork = storage.fork(HOST, sr, vdi, copy, true);
    assertThat(fork.rebased()).isNotEqualTo(open);
    // What the domain still writes before its switch belongs to both.
    Disk.write(open, 0, 2);
    assertThat(Disk.holds(fork.rebased(), List.of(2))).isTrue();
    Disk.write(fork.rebased(), 0, 3);
    assertThat(Disk.holds(open(copy), List.of(2))).isTrue();
    assertThat(Disk.holds(open(vdi), List.of(3))).isTrue();
  }

  @Test
  void anUndoneForkKeepsTheVolumeWhetherItWasSwitchedOrNot() throws IOException {
    UUID vdi = volume(MIB);
    DiskSource before = open(vdi);
    Disk.write(before, 0, 1);
    UUID copy = UUID.randomUUID();
    storage.fork(HOST, sr, vdi, copy, true);
    storage.undoFork(HOST, sr, vdi, copy);
    assertThat(open(vdi)).isEqualTo(before);
    assertThat(images()).hasSize(1);

    storage.fork(HOST, sr, vdi, copy, true);
    Disk.write(open(vdi), 0, 2);
    storage.undoFork(HOST, sr, vdi, copy);
    assertThat(Disk.holds(open(vdi), List.of(2))).isTrue();
    assertThat(images()).hasSize(2);
    assertThat(reason(() -> open(copy))).isEqualTo(Reason.NOT_FOUND);
    storage.undoFork(HOST, sr, vdi, copy);
    assertThat(Disk.holds(open(vdi), List.of(2))).isTrue();
  }

  @Test
  void aCopySharesNothingAndTellsItsProgress() throws IOException {
    UUID vdi = volume(8 * MIB);
    Disk.write(open(vdi), 3, 5);
    UUID branch = UUID.randomUUID();
    storage.fork(HOST, sr, vdi, branch, false);
    List<Double> seen = new ArrayList<>();
    UUID copy = UUID.randomUUID();
    storage.copyVolume(
        HOST,
        open(branch),
        sr,
        copy,
        new Progress() {
          @Override
          public void report(double fraction) {
            seen.add(fraction);
          }

          @Override
          public boolean cancelled() {
            return false;
          }
        });
    storage.destroyVolume(HOST, sr, vdi);
    storage.destroyVolume(HOST, sr, branch);
    assertThat(Disk.holds(open(copy), List.of(0, 0, 0, 5, 0, 0, 0, 0))).isTrue();
    assertThat(seen).last().isEqualTo(1.0);
    assertThat(images()).hasSize(1);
  }

  @Test
  void aRawImageOfAnySizeIsCopiedToo() throws IOException {
    Path raw = Files.write(data.resolve("raw"), new byte[] {1, 2, 3});
    UUID copy = UUID.randomUUID();
    Volume volume =
        storage.copyVolume(
            HOST, new DiskSource(raw.toString(), DiskSource.Format.RAW), sr, copy, Progress.NONE);
    assertThat(volume.virtualSize()).isEqualTo(MIB);
    assertThat(volume.used()).isPositive();
  }

  @Test
  void aCancelledCopyLeavesNothing() throws IOException {
    UUID vdi = volume(64L << 40);
    UUID copy = UUID.randomUUID();
    int before = images().size();
    Progress cancelled =
        new Progress() {
          private boolean stop;

          @Override
          public void report(double fraction) {
            stop = true;
          }

          @Override
          public boolean cancelled() {
            boolean now = stop;
            stop = true;
            return now;
          }
        };
    assertThat(reason(() -> storage.copyVolume(HOST, open(vdi), sr, copy, cancelled)))
        .isEqualTo(Reason.CANCELLED);
    assertThat(images()).hasSize(before);
    assertThat(storage.scan(HOST, sr)).hasSize(1);
  }

  @Test
  void callsInParallelDoNotDisturbEachOther() throws Exception {
    UUID base = volume(MIB);
    Disk.write(open(base), 0, 1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<UUID>> clones = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        UUID clone = UUID.randomUUID();
        clones.add(
            threads.submit(() -> {
              storage.fork(HOST, sr, base, clone, false);
              storage.destroyVolume(HOST, sr, volume(MIB));
              return clone;
            }));
      }
      for (Future<UUID> clone : clones) {
        assertThat(Disk.holds(open(clone.get()), List.of(1))).isTrue();
      }
    }
    assertThat(storage.scan(HOST, sr)).hasSize(13);
  }

  @Test
  void onlyTheRightFolderIsAttachedAndOnlyWhileItIsThere() {
    UUID other = UUID.randomUUID();
    Map<String, String> config =
        Map.of("location", data.resolve("sr").resolve(sr.toString()).toString());
    assertThat(reason(() -> storage.attach(HOST, other, config))).isEqualTo(Reason.INVALID);
    assertThat(reason(() -> storage.attach(HOST, other, Map.of()))).isEqualTo(Reason.NOT_FOUND);
    assertThat(reason(() -> storage.attach(HOST, other, Map.of("location", "here"))))
        .isEqualTo(Reason.INVALID);
    assertThat(reason(() -> storage.create(HOST, other, config, 0)))
        .isEqualTo(Reason.ALREADY_EXISTS);
    assertThat(reason(() -> storage.scan(HOST, other))).isEqualTo(Reason.WRONG_STATE);
    assertThat(storage.probe(HOST, config)).contains("<UUID>" + sr + "</UUID>");
    assertThat(storage.probe(HOST, Map.of())).contains(sr.toString());
    storage.attach(HOST, sr, config);
    storage.detach(HOST, sr);
    storage.detach(HOST, sr);
    assertThat(reason(() -> storage.space(HOST, sr))).isEqualTo(Reason.WRONG_STATE);
  }

  @Test
  void aDeletedRepositoryIsGone() {
    UUID vdi = volume(MIB);
    storage.fork(HOST, sr, vdi, UUID.randomUUID(), false);
    assertThat(storage.space(HOST, sr).size()).isPositive();
    storage.delete(HOST, sr);
    assertThat(data.resolve("sr").resolve(sr.toString())).doesNotExist();
    storage.create(HOST, sr, Map.of(), 0);
  }
}
