package io.keelson.host;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /**
   * Makes an empty repository. Raises INVALID for a bad configuration, ALREADY_EXISTS when the
   * place holds something already.
   */
  void create(UUID host, UUID sr, Map<String, String> deviceConfig, long sizeBytes);

  /**
   * Makes the repository usable on the host, and clears what an interrupted call left behind;
   * harmless when it is attached already. Raises NOT_FOUND when nothing is there, INVALID when
   * another repository is.
   */
  void attach(UUID host, UUID sr, Map<String, String> deviceConfig);

  /** Lets go of the repository on the host; harmless when it is not attached. */
  void detach(UUID host, UUID sr);

  /** Destroys the repository and all that is in it; it must be attached, and is not afterwards. */
  void delete(UUID host, UUID sr);

  /** Space of an attached repository. */
  StorageSpace space(UUID host, UUID sr);

  /** Every readable volume that is there now. A damaged one is left out: it may come back. */
  List<Volume> scan(UUID host, UUID sr);

  /** Repositories found where the configuration points, as the XML text that SR.probe returns. */
  String probe(UUID host, Map<String, String> deviceConfig);

  /** The volume as it is now, also while a domain uses it. Raises NOT_FOUND, CORRUPT. */
  Volume describe(UUID host, UUID sr, UUID vdi);

  /**
   * Makes a volume of zeroes, named by {@code vdi}. A kind may round the size up. Raises NO_SPACE,
   * INVALID, ALREADY_EXISTS.
   */
  Volume createVolume(UUID host, UUID sr, UUID vdi, long virtualSizeBytes);

  /**
   * Where on the host a memory image lies that goes with the volume, and with it is destroyed: a
   * file, or a device, which is there before the image is written. Raises UNSUPPORTED when the
   * repository has no place for one, NOT_FOUND.
   */
  default Path memory(UUID host, UUID sr, UUID vdi) {
    throw new DriverException(
        DriverException.Reason.UNSUPPORTED,
        "a repository of type " + kind().type() + " keeps no memory images");
  }

  /**
   * Destroys a volume, with a memory image beside it; another volume that shares its past is not
   * affected. Raises NOT_FOUND.
   */
  void destroyVolume(UUID host, UUID sr, UUID vdi);

  /** Grows a volume that no domain uses; the result says its new size. Raises INVALID to shrink. */
  Volume resize(UUID host, UUID sr, UUID vdi, long virtualSizeBytes);

  /**
   * Makes {@code copy} hold what {@code vdi} holds at this instant, sharing unchanged blocks. Both
   * can be written afterwards.
   *
   * <p>When {@code live}, a domain writes the volume meanwhile: pause nothing, but give the
   * result's {@code rebased} source to {@link Compute#switchDisks} before {@code copy} is read. The
   * instant that {@code copy} holds is the switch. If the switch fails, or a crash leaves it
   * unknown whether it happened, {@link #undoFork} puts things right.
   */
  Fork fork(UUID host, UUID sr, UUID vdi, UUID copy, boolean live);

  /**
   * Undoes a fork that did not count: {@code copy} is destroyed if it is there, and {@code vdi}
   * keeps its contents, whether or not its domain was switched. Nothing else may start to use
   * {@code vdi} meanwhile.
   */
  void undoFork(UUID host, UUID sr, UUID vdi, UUID copy);

  /**
   * Writes all of {@code from} into {@code copy}, a new volume of this kind that shares nothing
   * with it; no domain may write {@code from} meanwhile. Raises CANCELLED, NO_SPACE.
   */
  Volume copyVolume(UUID host, DiskSource from, UUID toSr, UUID copy, Progress progress);

  /**
   * Gives a volume that no domain uses what {@code from} holds, followed by zeroes up to its own
   * size; no domain may write {@code from} meanwhile. The change happens at once when all of it is
   * there, and what does not differ takes up no space anew. Raises CANCELLED, NO_SPACE.
   */
  default Volume replaceVolume(UUID host, DiskSource from, UUID toSr, UUID vdi, Progress progress) {
    throw new DriverException(
        DriverException.Reason.UNSUPPORTED, "volumes of " + kind().type() + " keep their contents");
  }

  /**
   * Puts a volume that no domain uses back to what it held when this was first asked since {@link
   * #persistVolume}; what is written from now on is thrown away the next time.
   */
  default Volume resetVolume(UUID host, UUID sr, UUID vdi) {
    throw new DriverException(
        DriverException.Reason.UNSUPPORTED,
        "volumes of " + kind().type() + " keep what is written");
  }

  /** Has a volume keep what it holds now; harmless when it does. */
  default void persistVolume(UUID host, UUID sr, UUID vdi) {}

  /**
   * Where the volume's bytes are, for a domain on this host. Raises NOT_FOUND, CORRUPT, and INVALID
   * to write what is read-only. Ask again for each start: a fork moves them.
   */
  DiskSource open(UUID host, UUID sr, UUID vdi, boolean readOnly);

  /** What the volume rests on and nothing writes; empty when it rests on nothing. */
  default Optional<Below> below(UUID host, UUID sr, UUID vdi) {
    return Optional.empty();
  }

  /**
   * An image on the host in which a domain keeps what it reads from below a volume of another
   * repository, so that it need not read it there again; with what was kept before, if below still
   * is what it was. Empty when there is not room for all that can be read, or a domain has the
   * image open. The kind has the feature {@code SR_SUPPORTS_LOCAL_CACHING}.
   */
  default Optional<Path> keepReads(UUID host, UUID sr, UUID vdi, Below below) {
    return Optional.empty();
  }

  /** Removes all images of {@link #keepReads} that no domain has open. */
  default void forgetReads(UUID host, UUID sr) {}

  /** How the repository's volumes rest on images, and what of it can be merged. */
  default ChainSurvey survey(UUID host, UUID sr) {
    return ChainSurvey.NONE;
  }

  /**
   * Merges two images, so that the chains of their volumes become shorter; what volumes hold stays.
   * It ends early when another request needs the volumes. Raises CANCELLED then, and WRONG_STATE
   * when a domain has the images open and {@code live} is empty.
   *
   * @param live the one domain that has the images open
   * @return whether it was done; not when they do not rest on each other any more
   */
  default boolean merge(
      UUID host, UUID sr, ImageMerge merge, Optional<LiveMerge> live, Progress progress) {
    throw new DriverException(
        DriverException.Reason.UNSUPPORTED, "volumes of " + kind().type() + " rest on no others");
  }

  /**
   * Opens the volume's contents on the host; to be closed. No domain may write them meanwhile, nor
   * have them at all unless {@code readOnly}. Raises WRONG_STATE when one does, INVALID to write
   * what is read-only.
   */
  VolumeBytes bytes(UUID host, UUID sr, UUID vdi, boolean readOnly);

  /**
   * Opens the volume's contents for reading as {@link #bytes} does, but with those stretches alone
   * in which it may differ from another of the repository, be they zeroes: whatever both rest on
   * need not be read to compare them.
   */
  default VolumeBytes bytesBeside(UUID host, UUID sr, UUID vdi, UUID other) {
    return bytes(host, sr, vdi, true);
  }

  /**
   * What a volume rests on.
   *
   * @param size of it, bytes
   * @param state a text that changes whenever the contents may have changed
   */
  record Below(DiskSource source, long size, String state) {}

  /**
   * The two ends of a fork.
   *
   * @param copy the new volume
   * @param rebased where the original's bytes are from now on
   */
  record Fork(Volume copy, DiskSource rebased) {}
}
