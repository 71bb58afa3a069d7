package io.keelson.host.storage;

import io.keelson.host.Storage;
import java.nio.file.Path;
import java.util.Map;

/** The kinds of storage that a host has by itself. */
public final class Storages {
  private Storages() {}

  /**
   * The kinds by their SR type.
   *
   * @param data where repositories lie whose configuration names no place: {@code data/sr/UUID}
   */
  public static Map<String, Storage> local(Path data) {
    Storage file = new FileStorage(data.toAbsolutePath().normalize().resolve("sr"));
    Storage iso = new IsoStorage();
    return Map.of(file.kind().type(), file, iso.kind().type(), iso);
  }
}
