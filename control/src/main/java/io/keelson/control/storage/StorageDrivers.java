package io.keelson.control.storage;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.Ref;
import io.keelson.api.model.Vdi;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Storage;
import io.keelson.host.StorageSpace;
import io.keelson.host.Volume;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** The storage drivers, with their failures told as the API's errors. */
public final class StorageDrivers {
  private final Map<String, Storage> byType;

  public StorageDrivers(Map<String, Storage> byType) {
    this.byType = Map.copyOf(byType);
  }

  /**
   * @throws ApiError SR_UNKNOWN_DRIVER
   */
  Storage driver(String type) {
    Storage driver = byType.get(type);
    if (driver == null) {
      throw ApiErrors.srUnknownDriver(type);
    }
    return driver;
  }

  /** Works with the repository's driver. */
  <T> T with(SrAccess at, Function<Storage, T> work) {
    return with(at, 0, work);
  }

  /**
   * Works with the repository's driver.
   *
   * @param requested how many bytes the work takes, for who is told that they are not there
   */
  <T> T with(SrAccess at, long requested, Function<Storage, T> work) {
    Storage driver = driver(at.type());
    try {
      return work.apply(driver);
    } catch (DriverException failure) {
      throw told(at, requested, failure);
    }
  }

  /** The repository's space as it is now. */
  StorageSpace space(SrAccess at) {
    return with(at, driver -> driver.space(at.host(), at.sr()));
  }

  /** The disk made, with its repository's space; if that cannot be told the disk is taken back. */
  MadeVdi made(SrAccess at, Ref<Vdi> vdi, Volume volume) {
    try {
      return new MadeVdi(vdi, volume, space(at));
    } catch (RuntimeException failure) {
      destroy(at, volume.vdi());
      throw failure;
    }
  }

  /** Destroys a volume; one that is gone already is as destroyed as it can be. */
  void destroy(SrAccess at, UUID volume) {
    boolean _ = destroyed(at, volume);
  }

  /** Destroys a volume, and says whether it was there. */
  boolean destroyed(SrAccess at, UUID volume) {
    return with(
        at,
        driver -> {
          try {
            driver.destroyVolume(at.host(), at.sr(), volume);
            return true;
          } catch (DriverException failure) {
            if (failure.reason() != Reason.NOT_FOUND) {
              throw failure;
            }
            return false;
          }
        });
  }

  /** Attaches the repository on the host. */
  void attach(SrAccess at, Map<String, String> config) {
    with(
        at,
        driver -> {
          driver.attach(at.host(), at.sr(), config);
          return driver;
        });
  }

  /** Lets go of the repository on the host. */
  void detach(SrAccess at) {
    with(
        at,
        driver -> {
          driver.detach(at.host(), at.sr());
          return driver;
        });
  }

  /** Destroys the repository, which is attached on the host. */
  void delete(SrAccess at) {
    with(
        at,
        driver -> {
          driver.delete(at.host(), at.sr());
          return driver;
        });
  }

  private ApiError told(SrAccess at, long requested, DriverException failure) {
    String message = String.valueOf(failure.getMessage());
    if (failure.fault().isPresent()) {
      return StorageFaults.told(failure.fault().get(), message, failure.choices());
    }
    return switch (failure.reason()) {
      case NO_SPACE -> ApiErrors.srFull(Long.toString(requested), Long.toString(free(at)));
      case UNSUPPORTED -> ApiErrors.srOperationNotSupported(at.ref().text());
      case CANCELLED -> throw failure;
      case NOT_FOUND,
          ALREADY_EXISTS,
          WRONG_STATE,
          REJECTED_BY_GUEST,
          GUEST_SILENT,
          INVALID,
          CORRUPT,
          FAILED ->
          ApiErrors.srBackendFailure(failure.reason().name(), "", message);
    };
  }

  private long free(SrAccess at) {
    try {
      StorageSpace space = driver(at.type()).space(at.host(), at.sr());
      return Math.max(0, space.size() - space.used());
    } catch (DriverException _) {
      return 0;
    }
  }
}
