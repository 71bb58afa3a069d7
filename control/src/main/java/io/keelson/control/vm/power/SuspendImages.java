package io.keelson.control.vm.power;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pbd;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiType;
import io.keelson.api.model.Vm;
import io.keelson.control.rules.OnlyPool;
import io.keelson.control.vm.memory.MemoryCost;
import io.keelson.control.vm.placement.HostFit;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Drivers;
import io.keelson.host.Progress;
import io.keelson.host.SavedMachine;
import io.keelson.host.Storage;
import io.keelson.image.raw.FileDisk;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory images of suspended VMs: each goes with a disk of type suspend, as the repository's
 * driver says where.
 */
public final class SuspendImages {
  private static final Logger LOG = LoggerFactory.getLogger(SuspendImages.class);

  /** Bytes beside a machine's memory for what its devices hold, the screen's above all. */
  private static final long DEVICES = 32 * MemoryCost.MIB;

  private final Drivers drivers;

  public SuspendImages(Drivers drivers) {
    this.drivers = drivers;
  }

  /**
   * An image and from where it is reached.
   *
   * @param at the repository
   * @param type of the repository, which names its driver
   */
  public record Image(
      Ref<Vdi> ref, UUID host, Ref<Sr> at, String type, UUID sr, UUID vdi, long size) {
    /** From any host that reaches it; SR_NO_PBDS when none does. */
    public static Image anywhere(Snapshot state, Ref<Vdi> ref) {
      Vdi vdi = state.get(ApiModel.VDI, ref);
      UUID host = access(state, vdi).orElseThrow(() -> ApiErrors.srNoPbds(vdi.sr().text()));
      return of(state, ref, host);
    }

    static Image of(Snapshot state, Ref<Vdi> ref, UUID host) {
      Vdi vdi = state.get(ApiModel.VDI, ref);
      Sr sr = state.get(ApiModel.SR, vdi.sr());
      return new Image(
          ref,
          host,
          vdi.sr(),
          sr.type(),
          UUID.fromString(sr.uuid()),
          UUID.fromString(vdi.uuid()),
          vdi.virtualSize());
    }
  }

  /**
   * Adds the disk object for a VM's memory image.
   *
   * @throws io.keelson.api.ApiError VM_NO_SUSPEND_SR, VM_REQUIRES_SR
   */
  static Ref<Vdi> plan(Transaction tx, Ref<Vm> ref, Ref<Host> host) {
    Ref<Sr> sr = repository(tx, ref, host);
    checkHost(tx, ref, sr, host);
    return add(tx, tx.get(ApiModel.VM, ref), sr, UUID.randomUUID());
  }

  /** Adds a disk object for an image of the VM's memory. */
  static Ref<Vdi> add(Transaction tx, Vm vm, Ref<Sr> sr, UUID uuid) {
    return tx.create(
        ApiModel.VDI,
        Vdi.builder()
            .uuid(uuid.toString())
            .location(uuid.toString())
            .nameLabel("Suspend image")
            .nameDescription("Memory of " + vm.nameLabel())
            .sr(sr)
            .type(VdiType.SUSPEND)
            .virtualSize(MemoryCost.footprint(vm, vm.memoryStaticMax()) + DEVICES)
            .managed(true)
            .build());
  }

  /** The VM's own repository for images, else the host's, else the pool's. */
  static Ref<Sr> repository(Snapshot state, Ref<Vm> ref, Ref<Host> host) {
    Vm vm = state.get(ApiModel.VM, ref);
    Ref<Sr> pool = OnlyPool.find(state).map(Pool::suspendImageSr).orElse(Ref.none());
    return Stream.of(vm.suspendSr(), state.get(ApiModel.HOST, host).suspendImageSr(), pool)
        .filter(sr -> state.find(ApiModel.SR, sr).isPresent())
        .findFirst()
        .orElseThrow(() -> ApiErrors.vmNoSuspendSr(ref.text()));
  }

  static void checkHost(Snapshot state, Ref<Vm> ref, Ref<Sr> sr, Ref<Host> host) {
    if (!HostFit.plugged(state, sr, host)) {
      throw ApiErrors.vmRequiresSr(ref.text(), sr.text());
    }
  }

  /**
   * Makes room for the image.
   *
   * @throws ApiError as {@link #file}
   */
  Path create(Image image) {
    driver(image).createVolume(image.host(), image.sr(), image.vdi(), image.size());
    return file(image);
  }

  /** SR_FULL, with what there is room for. */
  ApiError full(Image image) {
    var space = driver(image).space(image.host(), image.sr());
    long free = Math.max(0, space.size() - space.used());
    return ApiErrors.srFull(Long.toString(image.size()), Long.toString(free));
  }

  /**
   * Where the image is.
   *
   * @throws ApiError SR_OPERATION_NOT_SUPPORTED where the repository has no place for one
   */
  Path file(Image image) {
    try {
      return driver(image).memory(image.host(), image.sr(), image.vdi());
    } catch (DriverException e) {
      throw e.reason() == Reason.UNSUPPORTED
          ? ApiErrors.srOperationNotSupported(image.at().text())
          : e;
    }
  }

  /**
   * Copies an image, complete and on disk. Raises CANCELLED, NO_SPACE.
   *
   * @param to a file that {@link #create} made room for
   */
  void copy(Image from, Path to, Progress progress) {
    drivers.compute().copyImage(from.host(), file(from), to, progress);
  }

  /**
   * The bytes of an image.
   *
   * @throws ApiError VDI_NOT_AVAILABLE when they cannot be read
   */
  public FileDisk read(Image image) {
    try {
      return FileDisk.open(file(image));
    } catch (IOException e) {
      LOG.warn("memory image {} cannot be read", image, e);
      throw ApiErrors.vdiNotAvailable(image.ref().text());
    }
  }

  /** A new image beside its volume, which is there, to be filled with so many bytes. */
  public FileDisk write(Image image, long length) throws IOException {
    return FileDisk.create(file(image), length);
  }

  /** What the image holds; raises as {@link io.keelson.host.Compute#inspectImage}. */
  public SavedMachine inspect(Image image, Progress progress) {
    return drivers.compute().inspectImage(image.host(), file(image), progress);
  }

  /** Removes what {@link #create} made; what is not there is passed over. */
  void delete(Image image) {
    try {
      driver(image).destroyVolume(image.host(), image.sr(), image.vdi());
    } catch (DriverException e) {
      if (e.reason() != Reason.NOT_FOUND) {
        throw e;
      }
    }
  }

  /**
   * Removes an image that is not needed any more, wherever its repository is attached. What fails
   * is logged: the disk object goes all the same, and a later scan finds the volume.
   */
  public void discard(Snapshot state, Ref<Vdi> ref) {
    Optional<Vdi> vdi = state.find(ApiModel.VDI, ref);
    Optional<UUID> host = vdi.flatMap(v -> access(state, v));
    try {
      host.ifPresent(at -> delete(Image.of(state, ref, at)));
    } catch (DriverException e) {
      LOG.warn("memory image {} stays", ref, e);
    }
  }

  /** Removes the disk object of the VM's image, if it has one. */
  public static void forget(Transaction tx, Ref<Vm> ref) {
    Ref<Vdi> image = tx.get(ApiModel.VM, ref).suspendVdi();
    tx.update(ApiModel.VM, ref, v -> v.with(b -> b.suspendVdi(Ref.none())));
    if (tx.find(ApiModel.VDI, image).filter(v -> v.type() == VdiType.SUSPEND).isPresent()) {
      tx.delete(ApiModel.VDI, image);
    }
  }

  /**
   * Whether two images hold the very same memory.
   *
   * @throws io.keelson.api.ApiError VDI_NOT_AVAILABLE when one of them cannot be read
   */
  public boolean same(Snapshot state, Ref<Vdi> one, Ref<Vdi> other) {
    try {
      return Files.mismatch(readable(state, one), readable(state, other)) < 0;
    } catch (IOException e) {
      LOG.warn("memory images {} and {} cannot be compared", one, other, e);
      throw ApiErrors.vdiNotAvailable(other.text());
    }
  }

  private Path readable(Snapshot state, Ref<Vdi> ref) {
    UUID host =
        access(state, state.get(ApiModel.VDI, ref))
            .orElseThrow(() -> ApiErrors.vdiNotAvailable(ref.text()));
    return file(Image.of(state, ref, host));
  }

  private static Optional<UUID> access(Snapshot state, Vdi vdi) {
    return state.get(ApiModel.SR, vdi.sr()).pbds().stream()
        .flatMap(pbd -> state.find(ApiModel.PBD, pbd).stream())
        .filter(Pbd::currentlyAttached)
        .flatMap(pbd -> state.find(ApiModel.HOST, pbd.host()).stream())
        .map(host -> UUID.fromString(host.uuid()))
        .findFirst();
  }

  private Storage driver(Image image) {
    return Optional.ofNullable(drivers.storages().get(image.type()))
        .orElseThrow(() -> ApiErrors.srUnknownDriver(image.type()));
  }
}
