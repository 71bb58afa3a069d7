package io.keelson.host.storage;

import io.keelson.host.Shares;
import io.keelson.host.Storage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The kinds of storage that a host has by itself. */
public final class Storages {
  private Storages() {}

  /**
   * Shares that are used for something else.
   *
   * @param data below which they are mounted, as repositories are
   */
  public static Shares shares(Path data) {
    Path home = data.toAbsolutePath().normalize();
    Mounts mounts = new Mounts(home.resolve("mnt"));
    return new MountedShares(
        new NfsShare(new NfsExports(mounts)),
        new SmbShare(mounts, new PasswordFiles(home.resolve("passwords"))));
  }

  /**
   * The kinds by their SR type.
   *
   * @param data where repositories lie whose configuration names no place: {@code data/sr/UUID};
   *     and where others are mounted: {@code data/mnt/UUID}
   */
  public static Map<String, Storage> local(Path data) {
    Path home = data.toAbsolutePath().normalize();
    Mounts mounts = new Mounts(home.resolve("mnt"));
    NfsExports exports = new NfsExports(mounts);
    PasswordFiles passwords = new PasswordFiles(home.resolve("passwords"));
    SmbShare shares = new SmbShare(mounts, passwords);
    return List.of(
            new FileStorage(home.resolve("sr")),
            new FileStorage(new ExtPlace(mounts)),
            new LvmStorage(new LocalDevices()),
            new LvmStorage(new IscsiDevices(passwords)),
            new FileStorage(new SharePlace(new NfsShare(exports))),
            new FileStorage(new SharePlace(shares)),
            new IsoStorage(new IsoPlace(exports, shares)),
            new RawIscsiStorage(passwords),
            new UdevStorage(),
            new DummyStorage(home.resolve("dummy")))
        .stream()
        .collect(
            Collectors.toUnmodifiableMap(storage -> storage.kind().type(), Function.identity()));
  }
}
