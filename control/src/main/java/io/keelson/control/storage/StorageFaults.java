package io.keelson.control.storage;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.host.StorageFault;

/** The API's numbered errors of storage drivers. */
final class StorageFaults {
  private StorageFaults() {}

  /**
   * The fault as the API tells it.
   *
   * @param message what is wrong, for people
   * @param choices what a missing parameter could be, as XML
   */
  static ApiError told(StorageFault fault, String message, String choices) {
    return switch (fault) {
      case DEVICE_IN_USE -> ApiErrors.srBackendFailure16("", message, choices);
      case NO_SUCH_SECRET -> ApiErrors.srBackendFailure20("", message, choices);
      case UNAVAILABLE -> ApiErrors.srBackendFailure47("", message, choices);
      case ISCSI_LOGIN -> ApiErrors.srBackendFailure68("", message, choices);
      case NFS_VERSION -> ApiErrors.srBackendFailure72("", message, choices);
      case NFS_MOUNT -> ApiErrors.srBackendFailure73("", message, choices);
      case ISCSI_DISCOVERY -> ApiErrors.srBackendFailure83("", message, choices);
      case DEVICE_MISSING -> ApiErrors.srBackendFailure90("", message, choices);
      case DEVICE_INVALID -> ApiErrors.srBackendFailure91("", message, choices);
      case LOCATION_MISSING -> ApiErrors.srBackendFailure94("", message, choices);
      case TARGET_MISSING -> ApiErrors.srBackendFailure95("", message, choices);
      case TARGET_IQN_MISSING -> ApiErrors.srBackendFailure96("", message, choices);
      case SERVER_PATH_MISSING -> ApiErrors.srBackendFailure101("", message, choices);
      case SERVER_MISSING -> ApiErrors.srBackendFailure102("", message, choices);
      case SERVER_PATH_BAD -> ApiErrors.srBackendFailure103("", message, choices);
      case ROOT_DEVICE -> ApiErrors.srBackendFailure105("", message, choices);
      case SCSI_ID_MISSING -> ApiErrors.srBackendFailure107("", message, choices);
      case NFS_TARGET -> ApiErrors.srBackendFailure108("", message, choices);
      case SMB_MOUNT -> ApiErrors.srBackendFailure111("", message, choices);
      case ISCSI_TARGET -> ApiErrors.srBackendFailure141("", message, choices);
      case ISCSI_PORT -> ApiErrors.srBackendFailure142("", message, choices);
      case ISO_LOCATION_MISSING -> ApiErrors.srBackendFailure220("", message, choices);
      case ISO_MOUNT -> ApiErrors.srBackendFailure222("", message, choices);
      case ISO_LOCATION -> ApiErrors.srBackendFailure225("", message, choices);
      case ISO_LOCAL_PATH -> ApiErrors.srBackendFailure226("", message, choices);
    };
  }
}
