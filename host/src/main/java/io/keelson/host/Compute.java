package io.keelson.host;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Runs virtual machines ("domains") on hosts.
 *
 * <p>Domains outlive this process: after a restart {@link #adopt} finds them again. A call returns
 * when what it asks for is true, and raises {@link DriverException} when it is not. The end of a
 * domain that nobody asked for is told to the {@link DomainListener}.
 */
public interface Compute extends AutoCloseable {

  /** Who hears of changes that domains make by themselves. Set once, before {@link #adopt}. */
  void listen(DomainListener listener);

  /**
   * Finds the domains that are alive on the host, takes them over, and says how each stands. A
   * domain that is not in the answer does not run; why it ended, where that is known, the listener
   * hears. Harmless when called again.
   */
  List<Domain> adopt(UUID host);

  /** The domain as it stands now; empty when it does not run. */
  Optional<Domain> find(UUID host, UUID vm);

  /** What the host's hypervisor is and can do. */
  HypervisorFacts hypervisor(UUID host);

  /** What the TPMs of the host's machines remember. */
  Tpms tpms(UUID host);

  /** Builds the domain and, unless {@code paused}, lets it run. Raises ALREADY_EXISTS. */
  Domain start(UUID host, DomainSpec spec, boolean paused);

  /** Stops the virtual processors; memory stays. */
  void pause(UUID host, UUID vm);

  /** Lets the virtual processors run again. */
  void unpause(UUID host, UUID vm);

  /**
   * Asks the guest to power off (agent, else ACPI) and returns at once; the end is told to the
   * listener as POWERED_OFF. A guest that ignores the request is no error here.
   */
  void requestShutdown(UUID host, UUID vm);

  /**
   * Asks the guest to reboot and returns at once; the reboot is told to the listener as REBOOTED. A
   * guest without an agent is asked to power off, and its power-off counts as the reboot.
   */
  void requestReboot(UUID host, UUID vm);

  /** Ends the domain without asking the guest; returns when its process is gone. */
  void destroy(UUID host, UUID vm);

  /**
   * Resets the machine without asking the guest: the same machine starts from its firmware, as a
   * new run with a new domid and new consoles, running. Also how a domain goes on that is held
   * after REBOOTED or CRASHED.
   */
  Domain reset(UUID host, UUID vm);

  /**
   * Writes the domain's memory to the image, complete and on disk, and ends the domain. When it
   * fails or is cancelled the domain goes on as it was, and the image holds nothing of use.
   */
  void suspend(UUID host, UUID vm, Path image, Progress progress);

  /**
   * Builds the domain again from an image that {@link #suspend} wrote; the specification names the
   * same devices that it had then. Its TPM remembers what it did then. The image stays. Raises
   * CORRUPT for a damaged image.
   */
  Domain resume(UUID host, DomainSpec spec, Path image, boolean paused, Progress progress);

  /**
   * Moves the domain with its memory, as it stands, into a new run on the destination, which may be
   * the same host; its guest runs on meanwhile, but for an instant. The images of its disks are
   * opened where they are, so the destination must reach them. The handover happens while the guest
   * stands still and both ends hold the same.
   *
   * <p>When it fails or is cancelled the domain goes on where it was, untouched. Should this
   * process end meanwhile, {@link #adopt} finds the domain once, at one end or the other. Raises
   * CANCELLED; WRONG_STATE when the guest reboots, crashes or ends on the way; UNSUPPORTED for a
   * destination that cannot be reached.
   *
   * @param nics how the destination connects the very cards that the domain has
   */
  Domain migrate(
      UUID host,
      UUID vm,
      UUID destination,
      List<NicSpec> nics,
      Handover handover,
      Progress progress);

  /** The domain's network cards as they are connected now. */
  List<NicSpec> nics(UUID host, UUID vm);

  /** Copies an image, complete and on disk. Raises NOT_FOUND, CANCELLED, NO_SPACE. */
  void copyImage(UUID host, Path image, Path copy, Progress progress);

  /**
   * The machine that an image holds, after all of the image was read. Raises NOT_FOUND; CORRUPT for
   * what is no image or a damaged one; UNSUPPORTED when no such machine can run on this host;
   * CANCELLED.
   */
  SavedMachine inspectImage(UUID host, Path image, Progress progress);

  /**
   * Writes the domain's memory to the image, complete and on disk, and switches disks as {@link
   * #switchDisks} does, both at one instant, after which the domain goes on: running or paused, as
   * it was. When it fails or is cancelled the image holds nothing of use, and disks may or may not
   * have been switched.
   *
   * @param overlays by device number
   */
  void checkpoint(
      UUID host, UUID vm, Path image, Map<Integer, DiskSource> overlays, Progress progress);

  /** Plugs a disk into a running domain. Raises UNSUPPORTED for drives fixed at the start (CD). */
  void plugDisk(UUID host, UUID vm, DiskSpec disk);

  /** Unplugs a disk; raises REJECTED_BY_GUEST when the guest does not let go in time. */
  void unplugDisk(UUID host, UUID vm, int device);

  /** Changes what is in a removable drive; empty ejects. */
  void changeMedia(UUID host, UUID vm, int device, Optional<DiskSource> media);

  /** Plugs a network card into a running domain. */
  void plugNic(UUID host, UUID vm, NicSpec nic);

  /** Unplugs a network card; raises REJECTED_BY_GUEST when the guest does not let go in time. */
  void unplugNic(UUID host, UUID vm, int device);

  /** {@link #switchDisks} for one disk. */
  default void switchDisk(UUID host, UUID vm, int device, DiskSource overlay) {
    switchDisks(host, vm, Map.of(device, overlay));
  }

  /**
   * Makes the running domain write disks to overlays from now on, with what it wrote until now
   * frozen below: all of them at one instant, or none. The overlay files exist and are empty; see
   * {@link Storage#fork}.
   *
   * @param overlays by device number
   */
  void switchDisks(UUID host, UUID vm, Map<Integer, DiskSource> overlays);

  /**
   * Writes what one image of a running domain's disk holds into the image directly below it, and
   * takes it out of the disk's chain. When the domain writes that very image, it writes the lower
   * one afterwards, and the handover happens in between. Whatever fails, the disk keeps its
   * contents. Raises CANCELLED, also when another request needs the domain's disks; WRONG_STATE
   * when the chain is another.
   *
   * @param lowerName how an image beside the lower one names it as its backing
   */
  void mergeDisk(
      UUID host,
      UUID vm,
      int device,
      DiskSource upper,
      DiskSource lower,
      String lowerName,
      Handover handover,
      Progress progress);

  /**
   * Moves a running domain's disk to another image, which is empty and as large, with everything in
   * it; the guest goes on writing meanwhile. The handover happens at the instant of the change.
   * When it fails the disk stays where it was. Raises CANCELLED, NO_SPACE.
   */
  void moveDisk(
      UUID host, UUID vm, int device, DiskSource target, Handover handover, Progress progress);

  /**
   * Ends a merge or a move that an earlier process left half-way in a domain: completed when the
   * disk's bytes now count in the source, else given up. Harmless when there is none.
   */
  void settleDisk(UUID host, UUID vm, int device, DiskSource source);

  /** Tells the running guest of its disk's new size. */
  void resizeDisk(UUID host, UUID vm, int device, long virtualSizeBytes);

  /** Asks the guest's balloon for this much memory; the guest follows in its own time. */
  void setMemoryTarget(UUID host, UUID vm, long bytes);

  /** Brings virtual processors on line up to {@code count}; raises UNSUPPORTED for fewer. */
  void setProcessors(UUID host, UUID vm, int count);

  /**
   * Changes how the running domain's processors share the host's. Raises INVALID for processors
   * that the host does not have.
   */
  void schedule(UUID host, UUID vm, Scheduling scheduling);

  /** Whether an agent inside the guest listens; quick, the guest is not asked. */
  boolean hasAgent(UUID host, UUID vm);

  /**
   * Asks the guest's agent about the guest. Raises UNSUPPORTED when there is no agent, GUEST_SILENT
   * when it does not answer in time, REJECTED_BY_GUEST when it answers nonsense.
   */
  GuestReport askGuest(UUID host, UUID vm);

  /**
   * Has the guest bring its file systems into a consistent state and write nothing more until
   * {@link #thaw}, which must follow whatever happens, also when this fails. Raises as {@link
   * #askGuest}, and REJECTED_BY_GUEST when the guest does not succeed.
   *
   * @return how many file systems are held
   */
  int freeze(UUID host, UUID vm);

  /** Lets the guest write again; harmless when nothing is held. Raises as {@link #askGuest}. */
  void thaw(UUID host, UUID vm);

  /**
   * Has the guest's agent set the address of one of its network cards, until the guest reboots or
   * changes it. Raises as {@link #askGuest}, UNSUPPORTED when the guest knows no way to do it,
   * NOT_FOUND when it knows no such card, REJECTED_BY_GUEST when it does not succeed.
   */
  void setAddress(UUID host, UUID vm, GuestAddressing addressing);

  /**
   * Has the guest's agent put settings where agents of ours look for them, instead of those it was
   * started with, until the guest reboots. Raises as {@link #askGuest}, UNSUPPORTED when the guest
   * knows no way to do it, REJECTED_BY_GUEST when it does not succeed.
   */
  void tellAgent(UUID host, UUID vm, Map<String, String> settings);

  /** Sends the running machine a signal; raises WRONG_STATE when it does not run. */
  void trigger(UUID host, UUID vm, Trigger trigger);

  /**
   * Presses Alt, SysRq and a key on the running machine's keyboard, which Linux takes for an order
   * to the kernel. Raises WRONG_STATE when it does not run.
   *
   * @param key a letter from a to z or a digit; raises INVALID for others
   */
  void pressSysrq(UUID host, UUID vm, char key);

  /**
   * Writes the domain's memory and registers as an ELF core, as debuggers read it, while its
   * processors stand still. The core lies beside the domain and goes with it. Raises NO_SPACE,
   * CANCELLED.
   */
  DiskSource dumpCore(UUID host, UUID vm, Progress progress);

  /** What the domain's screen shows now. Raises UNSUPPORTED when it has no screen. */
  Picture picture(UUID host, UUID vm);

  /** What the domain uses now. */
  DomainUsage usage(UUID host, UUID vm);

  /** Lets go of all domains; they run on, and reboot in place when their guests ask for it. */
  @Override
  void close();
}
