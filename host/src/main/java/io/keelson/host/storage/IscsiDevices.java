package io.keelson.host.storage;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.StorageFault;
import io.keelson.host.StorageKind;
import io.keelson.host.VolumeBytes;
import io.keelson.host.block.IscsiLocation;
import io.keelson.host.nbd.NbdVolume;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A LUN of an iSCSI target as the device of a volume group, for kind {@code lvmoiscsi}. The kernel
 * logs in, since LVM needs a block device; what SR.probe finds out needs no login of the kernel.
 */
final class IscsiDevices implements GroupPlace {
  private static final StorageKind KIND =
      new StorageKind(
          "lvmoiscsi",
          "LVM over iSCSI",
          "Raw disks, each a logical volume on a LUN of an iSCSI target",
          "user",
          LvmStorage.FEATURES,
          Map.of(
              "target", "name or address of the target's portal",
              "targetIQN", "name of the target",
              "SCSIid", "identifier of the LUN, as SR.probe tells it",
              "port", "of the portal; 3260 when absent",
              "chapuser", "user for CHAP",
              "chappassword", "password for CHAP; kept as a secret, chappassword_secret"));

  private final PasswordFiles passwords;
  private final ConcurrentHashMap<UUID, Session> reached = new ConcurrentHashMap<>();

  /** The session with a target that a repository uses. */
  private record Session(IscsiTarget portal, String target) {}

  IscsiDevices(PasswordFiles passwords) {
    this.passwords = passwords;
  }

  @Override
  public StorageKind kind() {
    return KIND;
  }

  @Override
  public List<BlockDevices.Device> reach(UUID sr, Map<String, String> config) {
    IscsiTarget portal = IscsiTarget.of(config);
    String target = IscsiTarget.name(config);
    IscsiTarget.Lun lun = lun(portal, target, config);
    Initiator.require();
    VolumeGroup.requireMachine();
    reached.put(sr, new Session(portal, target));
    try {
      Initiator.login(portal, target);
      return List.of(Initiator.disk(target, lun.number()));
    } catch (DriverException e) {
      leave(sr);
      throw e;
    }
  }

  /** Ends the session unless another repository, or somebody else on this host, uses it. */
  @Override
  public void leave(UUID sr) {
    Session session = reached.remove(sr);
    if (session != null && !reached.containsValue(session) && !Initiator.held(session.target())) {
      Initiator.logout(session.portal(), session.target());
    }
  }

  /** Each missing parameter is an error that lists what it could be. */
  @Override
  public String probe(Map<String, String> config) {
    IscsiTarget portal = IscsiTarget.of(config);
    if (config.getOrDefault("targetIQN", "").isEmpty()) {
      throw DriverException.choose(StorageFault.TARGET_IQN_MISSING, portal.choices());
    }
    String target = IscsiTarget.name(config);
    IscsiTarget.Lun lun = lun(portal, target, config);
    ProbeXml.Repositories found = new ProbeXml.Repositories();
    group(portal, target, lun).flatMap(VolumeGroup::repository).ifPresent(found::add);
    return found.text();
  }

  private static IscsiTarget.Lun lun(
      IscsiTarget portal, String target, Map<String, String> config) {
    String id = config.getOrDefault("SCSIid", "");
    List<IscsiTarget.Lun> luns = portal.luns(target);
    return luns.stream()
        .filter(lun -> lun.id().equals(id))
        .findFirst()
        .orElseThrow(
            () -> DriverException.choose(StorageFault.SCSI_ID_MISSING, IscsiTarget.disks(luns)));
  }

  /** The name of the volume group that has the LUN. */
  private Optional<String> group(IscsiTarget portal, String target, IscsiTarget.Lun lun) {
    UUID reading = UUID.randomUUID();
    Optional<Path> password = portal.password().map(text -> passwords.keep(reading, text));
    DiskSource source =
        new DiskSource(
            new IscsiLocation(
                    portal.host(), portal.port(), target, lun.number(), portal.user(), password)
                .text(),
            DiskSource.Format.RAW);
    try (VolumeBytes bytes = NbdVolume.open(source, true)) {
      return LvmLabel.group(bytes);
    } finally {
      passwords.drop(reading);
    }
  }
}
