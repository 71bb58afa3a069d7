package io.keelson.control.protection;

/** What policies tell; the names are what message.name has. */
enum PolicyAlert {
  VMPP_SNAPSHOT_SUCCEEDED(5, "Successfully performed the snapshot phase of the protection policy"),
  VMPP_SNAPSHOT_FAILED(3, "The snapshot phase of the protection policy failed."),
  VMPP_SNAPSHOT_LOCK_FAILED(
      3, "The snapshot phase is already executing for this protection policy."),
  VMPP_SNAPSHOT_MISSED_EVENT(
      3, "A scheduled snapshot event was missed since an earlier one was still going on."),
  VMPP_ARCHIVE_SUCCEEDED(5, "Successfully performed the archive phase of the protection policy"),
  VMPP_ARCHIVE_FAILED_0(3, "The archive phase failed for this protection policy"),
  VMPP_ARCHIVE_LOCK_FAILED(3, "The archive phase is already executing for this protection policy."),
  VMPP_ARCHIVE_MISSED_EVENT(
      3, "A scheduled archive event was missed since an earlier one was still going on."),
  VMPP_ARCHIVE_TARGET_MOUNT_FAILED(3, "The place for archives cannot be reached."),
  VMPP_SNAPSHOT_ARCHIVE_ALREADY_EXISTS(3, "The snapshot has already been archived at that place.");

  private final long priority;
  private final String text;

  PolicyAlert(long priority, String text) {
    this.priority = priority;
    this.text = text;
  }

  long priority() {
    return priority;
  }

  /** For people. */
  String text() {
    return text;
  }
}
