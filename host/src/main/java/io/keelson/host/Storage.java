package io.keelson.host;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * One kind of storage repository (an SM plugin): {@code file}, {@code iso} and more.
 *
 * <p>A repository must be attached on a host before its volumes are touched there. Sizes are bytes.
 * What a kind cannot do raises UNSUPPORTED, and its {@link StorageKind} does not list the feature.
 */
public interface Storage {

  /** What this kind is and can do: the SM row. */
  StorageKind kind();

  /** Makes an empty repository. Raises INVALID for a bad configuration, ALREADY_EXISTS. */
  void create(UUID host, UUID sr, Map<String, String> deviceConfig, long sizeBytes);

  /** Makes the repository usable on the host; harmless when it is already. */
  void attach(UUID host, UUID sr, Map<String, String> deviceConfig);

  /** Lets go of the repository on the host; harmless when it is not attached. */
  void detach(UUID host, UUID sr);

  /** Destroys the repository and all that is in it; it must be attached. */
  void delete(UUID host, UUID sr);

  /** Space of an attached repository. */
  StorageSpace space(UUID host, UUID sr);

  /** Every volume that is there now. */
  List<Volume> scan(UUID host, UUID sr);

  /** Repositories found where the configuration points, as the XML text that SR.probe returns. */
  String probe(UUID host, Map<String, String> deviceConfig);

  /** Makes a volume of zeroes, named by {@code vdi}. Raises NO_SPACE, INVALID. */
  Volume createVolume(UUID host, UUID sr, UUID vdi, long virtualSizeBytes);

  /** Destroys a volume; another volume that shares its past is not affected. */
  void destroyVolume(UUID host, UUID sr, UUID vdi);

  /** Grows a volume that no domain uses; the result says its new size. Raises INVALID to shrink. */
  Volume resize(UUID host, UUID sr, UUID vdi, long virtualSizeBytes);

  /**
   * Makes {@code copy} hold what {@code vdi} holds at this instant, sharing unchanged blocks. Both
   * can be written afterwards. When {@code live}, a domain writes the volume meanwhile: the
   * result's {@code rebased} source must then be given to {@link Compute#switchDisk} before the
   * call counts.
   */
  Fork fork(UUID host, UUID sr, UUID vdi, UUID copy, boolean live);

  /** Writes all of {@code vdi} into {@code copy}, a new volume that shares nothing with it. */
  Volume copyVolume(UUID host, DiskSource from, UUID toSr, UUID copy, Progress progress);

  /** Where the volume's bytes are, for a domain on this host. Raises NOT_FOUND, CORRUPT. */
  DiskSource open(UUID host, UUID sr, UUID vdi, boolean readOnly);

  /**
   * The two ends of a fork.
   *
   * @param copy the new volume
   * @param rebased where the original's bytes are from now on
   */
  record Fork(Volume copy, DiskSource rebased) {}
}
