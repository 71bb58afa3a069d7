package io.keelson.host.storage;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.StorageFault;
import io.keelson.host.StorageSpace;
import io.keelson.host.process.Program;
import io.keelson.host.process.Program.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
        new VolumeGroup(new UUID(0, 0), settings).rows("pvs", "vg_name", "pv_name")) {
      if (row.get(0).matches(GROUP + "[0-9a-f-]{36}")) {
        UUID sr = UUID.fromString(row.get(0).substring(GROUP.length()));
        found.computeIfAbsent(sr, id -> new ArrayList<>()).add(Path.of(row.get(1)));
      }
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
    List<String> row = rows("vgs", "vg_size", "vg_free", name()).getFirst();
    long size = Long.parseLong(row.get(0));
    return new StorageSpace(size, size - Long.parseLong(row.get(1)));
  }

  /** The sizes of the volumes, bytes. */
  Map<UUID, Long> volumes() {
    Map<UUID, Long> found = new HashMap<>();
    for (List<String> row : rows("lvs", "lv_name", "lv_size", name())) {
      if (row.get(0).matches(VOLUME + "[0-9a-f-]{36}")) {
        found.put(
            UUID.fromString(row.get(0).substring(VOLUME.length())), Long.parseLong(row.get(1)));
      }
    }
    return found;
  }

  /** Makes a volume that may hold what was on the device before. Raises NO_SPACE. */
  void add(UUID vdi, long size) {
    require(
        run("lvcreate", List.of("-y", "-Zn", "-Wn", "-n", VOLUME + vdi, "-L", size + "b", name())));
  }

  void remove(UUID vdi) {
    require(run("lvremove", List.of("-y", name() + "/" + VOLUME + vdi)));
  }

  /** Raises NO_SPACE. */
  void extend(UUID vdi, long size) {
    require(run("lvextend", List.of("-L", size + "b", name() + "/" + VOLUME + vdi)));
  }

  /** Where the kernel shows a volume. */
  Path device(UUID vdi) {
    return Path.of("/dev", name(), VOLUME + vdi);
  }

  private String name() {
    return GROUP + sr;
  }

  private List<List<String>> rows(String program, String first, String second, String... of) {
    List<String> arguments =
        new ArrayList<>(
            List.of("--noheadings", "--nosuffix", "--units", "b", "--separator", "|", "-o"));
    arguments.add(first + "," + second);
    arguments.addAll(List.of(of));
    return require(run(program, arguments))
        .output()
        .lines()
        .map(line -> List.of(line.strip().split("\\|", -1)))
        .filter(row -> row.size() == 2)
        .toList();
  }

  private Outcome run(String program, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(Requirements.program("lvm"), program));
    command.addAll(settings);
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
