package io.keelson.host;

/**
 * What is wrong with a repository's configuration, or with the machine or server that it needs, by
 * the numbers that clients of storage drivers know (SR_BACKEND_FAILURE_nn).
 */
public enum StorageFault {
  DEVICE_IN_USE(16, "the device is in use"),
  NO_SUCH_SECRET(20, "there is no such secret"),
  UNAVAILABLE(47, "the repository cannot be reached"),
  ISCSI_LOGIN(68, "the iSCSI target refuses the login"),
  NFS_VERSION(72, "this version of NFS is not spoken"),
  NFS_MOUNT(73, "the NFS export cannot be mounted"),
  ISCSI_DISCOVERY(83, "the iSCSI targets cannot be listed"),
  DEVICE_MISSING(90, "the parameter device is missing"),
  DEVICE_INVALID(91, "the parameter device names no block device"),
  LOCATION_MISSING(94, "the parameter location is missing"),
  TARGET_MISSING(95, "the parameter target is missing"),
  TARGET_IQN_MISSING(96, "the parameter targetIQN is missing or wrong"),
  SERVER_PATH_MISSING(101, "the parameter serverpath is missing"),
  SERVER_MISSING(102, "the parameter server is missing"),
  SERVER_PATH_BAD(103, "the parameter serverpath is wrong"),
  ROOT_DEVICE(105, "the host's system is on the device"),
  SCSI_ID_MISSING(107, "the parameter SCSIid is missing or wrong"),
  NFS_TARGET(108, "no NFS service answers on the server"),
  SMB_MOUNT(111, "the SMB share cannot be mounted"),
  ISCSI_TARGET(141, "no iSCSI service answers on the target"),
  ISCSI_PORT(142, "the parameter port is no port"),
  ISO_LOCATION_MISSING(220, "the parameter location is missing"),
  ISO_MOUNT(222, "the location cannot be mounted"),
  ISO_LOCATION(225, "the location is not of the form SERVER:PATH or //SERVER/PATH"),
  ISO_LOCAL_PATH(226, "the location is no folder of this host");

  private final int number;
  private final String text;

  StorageFault(int number, String text) {
    this.number = number;
    this.text = text;
  }

  public int number() {
    return number;
  }

  /** What it means, for people. */
  public String text() {
    return text;
  }
}
