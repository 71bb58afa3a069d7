package io.keelson.host.storage;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.StorageFault;
import io.keelson.host.StorageKind;
import io.keelson.host.StorageSpace;
import io.keelson.host.Volume;
import io.keelson.host.block.IscsiLocation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Kind {@code rawiscsi}: each LUN of an iSCSI target is a disk, which QEMU itself logs in to. */
final class RawIscsiStorage implements FixedVolumes {
  private static final StorageKind KIND =
      new StorageKind(
          "rawiscsi",
          "iSCSI LUNs",
          "Each LUN of an iSCSI target is a disk",
          "user",
          FEATURES,
          Map.of(
              "target", "name or address of the target's portal",
              "targetIQN", "name of the target",
              "port", "of the portal; 3260 when absent",
              "chapuser", "user for CHAP",
              "chappassword", "password for CHAP; kept as a secret, chappassword_secret"));

  private final PasswordFiles passwords;
  private final Attached<Session> attached = new Attached<>();

  /** A target that a repository is. */
  private record Session(IscsiTarget portal, String name, Optional<Path> password) {}

  RawIscsiStorage(PasswordFiles passwords) {
    this.passwords = passwords;
  }

  @Override
  public StorageKind kind() {
    return KIND;
  }

  /** Nothing is made: the target is there or not. */
  @Override
  public void create(UUID host, UUID sr, Map<String, String> deviceConfig, long sizeBytes) {
    List<IscsiTarget.Lun> _ = IscsiTarget.of(deviceConfig).luns(IscsiTarget.name(deviceConfig));
  }

  @Override
  public void attach(UUID host, UUID sr, Map<String, String> deviceConfig) {
    IscsiTarget portal = IscsiTarget.of(deviceConfig);
    String name = IscsiTarget.name(deviceConfig);
    List<IscsiTarget.Lun> _ = portal.luns(name);
    Optional<Path> password = portal.password().map(text -> passwords.keep(sr, text));
    attached.put(host, sr, new Session(portal, name, password));
  }

  @Override
  public void detach(UUID host, UUID sr) {
    if (attached.remove(host, sr)) {
      passwords.drop(sr);
    }
  }

  @Override
  public void delete(UUID host, UUID sr) {
    Session _ = attached.get(host, sr);
    attached.remove(sr);
    passwords.drop(sr);
  }

  @Override
  public StorageSpace space(UUID host, UUID sr) {
    long size = scan(host, sr).stream().mapToLong(Volume::virtualSize).sum();
    return new StorageSpace(size, size);
  }

  @Override
  public List<Volume> scan(UUID host, UUID sr) {
    Session session = attached.get(host, sr);
    return session.portal().luns(session.name()).stream().map(lun -> volume(sr, lun)).toList();
  }

  /** Without a target's name its error lists the names; with one the answer lists the LUNs. */
  @Override
  public String probe(UUID host, Map<String, String> deviceConfig) {
    IscsiTarget portal = IscsiTarget.of(deviceConfig);
    if (deviceConfig.getOrDefault("targetIQN", "").isEmpty()) {
      throw DriverException.choose(StorageFault.TARGET_IQN_MISSING, portal.choices());
    }
    return IscsiTarget.disks(portal.luns(IscsiTarget.name(deviceConfig)));
  }

  @Override
  public Volume describe(UUID host, UUID sr, UUID vdi) {
    return volume(sr, lun(attached.get(host, sr), sr, vdi));
  }

  @Override
  public DiskSource open(UUID host, UUID sr, UUID vdi, boolean readOnly) {
    Session session = attached.get(host, sr);
    IscsiLocation location =
        new IscsiLocation(
            session.portal().host(),
            session.portal().port(),
            session.name(),
            lun(session, sr, vdi).number(),
            session.portal().user(),
            session.password());
    return new DiskSource(location.text(), DiskSource.Format.RAW);
  }

  private static IscsiTarget.Lun lun(Session session, UUID sr, UUID vdi) {
    return session.portal().luns(session.name()).stream()
        .filter(lun -> identity(sr, lun).equals(vdi))
        .findFirst()
        .orElseThrow(() -> new DriverException(Reason.NOT_FOUND, "no LUN is volume " + vdi));
  }

  private static Volume volume(UUID sr, IscsiTarget.Lun lun) {
    return new Volume(
        identity(sr, lun), lun.id(), "LUN " + lun.number(), lun.size(), lun.size(), false);
  }

  /** The same for a LUN for ever, whatever its number. */
  private static UUID identity(UUID sr, IscsiTarget.Lun lun) {
    return UUID.nameUUIDFromBytes((sr + lun.id()).getBytes(StandardCharsets.UTF_8));
  }
}
