package io.keelson.host.storage;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.StorageFault;
import io.keelson.host.StorageSpace;
import io.keelson.host.process.Program;
import io.keelson.host.process.Program.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The LVM volume group of a repository, worked with LVM's own programs. Group and volumes carry the
 * names that XenServer gives to raw volumes, so that each server knows the other's.
 *
 * @param sr the repository
 * @param settings more arguments for each program
 */
record VolumeGroup(UUID sr, List<String> settings) {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final String GROUP = "VG_XenStorage-";
  private static final String VOLUME = "LV-";
  private static final String UUID_TEXT = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  /** On a volume that is not whole yet, with the host that makes it. */
  private static final String MAKING = "keelson.making=";

  /** On a volume that grows, with the first byte that may hold what was there before. */
  private static final String WIPE_FROM = "keelson.wipe-from=";

  private static final Path UDEV = Path.of("/run/udev/control");

  /** Where no udev does it, as in containers, LVM makes the device nodes itself. */
  private static final List<String> NO_UDEV =
      List.of("--config", "activation{udev_sync=0 udev_rules=0}");

  /** Raises UNAVAILABLE when this machine cannot show logical volumes. */
  static void requireMachine() {
    Requirements.root("LVM");
    String _ = Requirements.program("lvm");
    if (!Requirements.driver("device-mapper", "dm-mod")) {
      throw DriverException.of(StorageFault.UNAVAILABLE, "the kernel has no device-mapper");
    }
  }

  /** The repository that a group of that name is, if it is one. */
  static Optional<UUID> repository(String name) {
    return name.matches(GROUP + UUID_TEXT)
        ? Optional.of(UUID.fromString(name.substring(GROUP.length())))
        : Optional.empty();
  }

  /**
   * Makes the group of devices that no other group has; what they held is lost. Raises
   * DEVICE_IN_USE.
   */
  void create(List<Path> devices) {
    List<String> arguments = new ArrayList<>(List.of("-y", "--", name()));
    devices.forEach(device -> arguments.add(device.toString()));
    Outcome outcome = run("vgcreate", arguments);
    if (!outcome.ok()) {
      throw DriverException.of(StorageFault.DEVICE_IN_USE, outcome.complaint());
    }
  }

  /** The groups of repositories, each with the devices that it is on. */
  static Map<UUID, List<Path>> all(List<String> settings) {
    Map<UUID, List<Path>> found = new HashMap<>();
    for (List<String> row :
        new VolumeGroup(new UUID(0, 0), settings).rows("pvs", "vg_name,pv_name")) {
      repository(row.get(0))
          .ifPresent(
              sr -> found.computeIfAbsent(sr, id -> new ArrayList<>()).add(Path.of(row.get(1))));
    }
    return found;
  }

  /** Has the kernel show the volumes as devices. */
  void activate() {
    require(run("vgchange", List.of("-ay", name())));
  }

  /** Takes the devices away again. Raises WRONG_STATE while somebody has one open. */
  void deactivate() {
    require(run("vgchange", List.of("-an", name())));
  }

  void destroy() {
    List<Path> devices = all(settings).getOrDefault(sr, List.of());
    require(run("vgremove", List.of("-y", name())));
    for (Path device : devices) {
      require(run("pvremove", List.of("-y", device.toString())));
    }
  }

  StorageSpace space() {
    List<String> row = rows("vgs", "vg_size,vg_free", name()).getFirst();
    long size = Long.parseLong(row.get(0));
    return new StorageSpace(size, size - Long.parseLong(row.get(1)));
  }

  /** The sizes of the volumes that are whole, bytes. */
  Map<UUID, Long> volumes() {
    Map<UUID, Long> found = new HashMap<>();
    all().stream()
        .filter(volume -> volume.madeBy().isEmpty())
        .forEach(volume -> found.put(volume.vdi(), volume.size()));
    return found;
  }

  /** Of a volume that may not be whole. Raises NOT_FOUND. */
  long size(UUID vdi) {
    return all().stream()
        .filter(volume -> volume.vdi().equals(vdi))
        .mapToLong(Logical::size)
        .findFirst()
        .orElseThrow(
            () -> new DriverException(Reason.NOT_FOUND, "there is no logical volume of " + vdi));
  }

  /**
   * A logical volume.
   *
   * @param size bytes
   */
  record Logical(UUID vdi, long size, List<String> tags) {
    /** The host that still makes it, or began to. */
    Optional<String> madeBy() {
      return tag(MAKING);
    }

    /** The first byte that is still to be wiped. */
    Optional<Long> wipeFrom() {
      return tag(WIPE_FROM).map(Long::parseLong);
    }

    private Optional<String> tag(String start) {
      return tags.stream()
          .filter(t -> t.startsWith(start))
          .map(t -> t.substring(start.length()))
          .findFirst();
    }
  }

  /** Every volume, whole or not. */
  List<Logical> all() {
    return rows("lvs", "lv_name,lv_size,lv_tags", name()).stream()
        .filter(row -> row.get(0).matches(VOLUME + UUID_TEXT))
        .map(row ->
            new Logical(
                UUID.fromString(row.get(0).substring(VOLUME.length())),
                Long.parseLong(row.get(1)),
                List.of(row.get(2).split(","))))
        .toList();
  }

  /**
   * Begins a volume that may hold what was on the device before; {@link #whole} ends it. Raises
   * NO_SPACE.
   */
  void begin(UUID host, UUID vdi, long size) {
    require(
        run(
            "lvcreate",
            List.of(
                "-y",
                "-Zn",
                "-Wn",
                "--addtag",
                MAKING + host,
                "-n",
                VOLUME + vdi,
                "-L",
                size + "b",
                name())));
  }

  /** The volume holds what it is to hold. */
  void whole(UUID host, UUID vdi) {
    require(run("lvchange", List.of("--deltag", MAKING + host, path(vdi))));
  }

  void remove(UUID vdi) {
    require(run("lvremove", List.of("-y", path(vdi))));
  }

  /**
   * Makes a volume larger, with what was on the device before in its new part; {@link #wiped} says
   * that it is there no more. Raises NO_SPACE.
   *
   * @param wipeFrom the first byte of the new part
   */
  void extend(UUID vdi, long wipeFrom, long size) {
    require(run("lvchange", List.of("--addtag", WIPE_FROM + wipeFrom, path(vdi))));
    Outcome outcome = run("lvextend", List.of("-L", size + "b", path(vdi)));
    if (!outcome.ok()) {
      wiped(vdi, wipeFrom);
    }
    require(outcome);
  }

  void wiped(UUID vdi, long from) {
    require(run("lvchange", List.of("--deltag", WIPE_FROM + from, path(vdi))));
  }

  private String path(UUID vdi) {
    return name() + "/" + VOLUME + vdi;
  }

  /** Where the kernel shows a volume. */
  Path device(UUID vdi) {
    return Path.of("/dev", name(), VOLUME + vdi);
  }

  private String name() {
    return GROUP + sr;
  }

  private List<List<String>> rows(String program, String columns, String... of) {
    List<String> arguments =
        new ArrayList<>(
            List.of("--noheadings", "--nosuffix", "--units", "b", "--separator", "|", "-o"));
    arguments.add(columns);
    arguments.addAll(List.of(of));
    return require(run(program, arguments))
        .output()
        .lines()
        .map(line -> List.of(line.strip().split("\\|", -1)))
        .filter(row -> row.size() == columns.split(",").length)
        .toList();
  }

  private Outcome run(String program, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(Requirements.program("lvm"), program));
    command.addAll(settings.isEmpty() && !Files.exists(UDEV) ? NO_UDEV : settings);
    command.addAll(arguments);
    return Program.run(LIMIT, command);
  }

  private static Outcome require(Outcome outcome) {
    if (outcome.ok()) {
      return outcome;
    }
    String text = outcome.complaint();
    if (text.contains("insufficient free space")
        || text.contains("Insufficient free space")
        || text.contains("Insufficient suitable")) {
      throw new DriverException(Reason.NO_SPACE, text);
    }
    if (text.contains("in use") || text.contains("open logical volume")) {
      throw new DriverException(Reason.WRONG_STATE, text);
    }
    throw new DriverException(
        text.contains("not found") || text.contains("Failed to find")
            ? Reason.NOT_FOUND
            : Reason.FAILED,
        text);
  }
}
