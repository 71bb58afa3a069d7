package io.keelson.host.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.host.Storage;
import io.keelson.host.Volume;
import io.keelson.host.VolumeBytes;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SimulatedStorageTest {
  private static final UUID HOST = new UUID(0, 1);
  private static final UUID SR = new UUID(0, 2);

  private final Map<String, Storage> storages =
      Simulation.open(SimulationPlan.of(1)).drivers().storages();

  private Storage storage(String kind) {
    return Objects.requireNonNull(storages.get(kind));
  }

  @Test
  void keepsVolumes() {
    Storage file = storage("file");
    file.create(HOST, SR, Map.of(), 0);
    raises(Reason.ALREADY_EXISTS, () -> file.create(HOST, SR, Map.of(), 0));
    raises(Reason.NOT_FOUND, () -> file.scan(HOST, SR));
    file.attach(HOST, SR, Map.of());
    UUID vdi = UUID.randomUUID();
    assertThat(file.createVolume(HOST, SR, vdi, 1).virtualSize()).isEqualTo(1 << 20);
    raises(Reason.ALREADY_EXISTS, () -> file.createVolume(HOST, SR, vdi, 1));
    assertThat(file.resize(HOST, SR, vdi, 3 << 20).virtualSize()).isEqualTo(3 << 20);
    raises(Reason.INVALID, () -> file.resize(HOST, SR, vdi, 1 << 20));

    UUID fork = UUID.randomUUID();
    assertThat(file.fork(HOST, SR, vdi, fork, false).copy().virtualSize()).isEqualTo(3 << 20);
    UUID copy = UUID.randomUUID();
    file.copyVolume(HOST, file.open(HOST, SR, vdi, true), SR, copy, Progress.NONE);
    assertThat(file.scan(HOST, SR)).hasSize(3);
    file.destroyVolume(HOST, SR, vdi);
    raises(Reason.NOT_FOUND, () -> file.describe(HOST, SR, vdi));
    file.delete(HOST, SR);
    raises(Reason.NOT_FOUND, () -> file.scan(HOST, SR));
  }

  @Test
  void aRepositoryOfASizeHasNoMoreRoom() {
    Storage file = storage("file");
    file.create(HOST, SR, Map.of(), 4 << 20);
    file.attach(HOST, SR, Map.of());
    UUID vdi = UUID.randomUUID();
    file.createVolume(HOST, SR, vdi, 3 << 20);
    assertThat(file.space(HOST, SR).size()).isEqualTo(4 << 20);
    assertThat(file.space(HOST, SR).used()).isEqualTo(3 << 20);
    raises(Reason.NO_SPACE, () -> file.createVolume(HOST, SR, UUID.randomUUID(), 2 << 20));
    raises(Reason.NO_SPACE, () -> file.fork(HOST, SR, vdi, UUID.randomUUID(), false));
    raises(Reason.NO_SPACE, () -> file.resize(HOST, SR, vdi, 5 << 20));
    assertThat(file.resize(HOST, SR, vdi, 4 << 20).virtualSize()).isEqualTo(4 << 20);
    assertThat(file.scan(HOST, SR)).hasSize(1);
  }

  @Test
  void aVolumeGoesBackToWhatItHeld() {
    Storage file = storage("file");
    file.create(HOST, SR, Map.of("location", "/one"), 0);
    file.attach(HOST, SR, Map.of("location", "/one"));
    assertThat(file.probe(HOST, Map.of("location", "/one"))).contains(SR.toString());
    assertThat(file.probe(HOST, Map.of("location", "/two"))).doesNotContain(SR.toString());
    UUID vdi = UUID.randomUUID();
    file.createVolume(HOST, SR, vdi, 1 << 20);
    write(file, vdi, 1);
    file.resetVolume(HOST, SR, vdi);
    write(file, vdi, 2);
    assertThat(read(file, vdi)).isEqualTo((byte) 2);
    file.resetVolume(HOST, SR, vdi);
    assertThat(read(file, vdi)).isEqualTo((byte) 1);
    write(file, vdi, 3);
    file.persistVolume(HOST, SR, vdi);
    file.resetVolume(HOST, SR, vdi);
    assertThat(read(file, vdi)).isEqualTo((byte) 3);
  }

  private static void write(Storage storage, UUID vdi, int value) {
    try (VolumeBytes bytes = storage.bytes(HOST, SR, vdi, false)) {
      bytes.write(0, ByteBuffer.wrap(new byte[] {(byte) value}));
    }
  }

  private static byte read(Storage storage, UUID vdi) {
    ByteBuffer one = ByteBuffer.allocate(1);
    try (VolumeBytes bytes = storage.bytes(HOST, SR, vdi, true)) {
      bytes.read(0, one);
    }
    return one.get(0);
  }

  @Test
  void aLibraryIsNotWritten() {
    Storage iso = storage("iso");
    iso.attach(HOST, SR, Map.of());
    assertThat(iso.scan(HOST, SR)).hasSize(1).allMatch(Volume::readOnly);
    raises(Reason.UNSUPPORTED, () -> iso.createVolume(HOST, SR, UUID.randomUUID(), 1));
  }

  private static void raises(Reason reason, ThrowingCallable call) {
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
