package io.keelson.store.journal;

import io.keelson.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * What a store is: the file that says so is the first that is read.
 *
 * @param format of the files
 * @param model version of the stored model
 * @param fingerprint of the stored model's fields
 * @param group the journal's group
 * @param peer this member of it: a new one whenever its files were lost
 */
public record StoreIdentity(int format, int model, String fingerprint, String group, String peer) {
  /** The format of files that this program writes, and the only one that it reads. */
  public static final int FORMAT = 2;

  private static final String TITLE = "keelson-store";

  static StoreIdentity fresh(int model, String fingerprint) {
    return new StoreIdentity(
        FORMAT, model, fingerprint, UUID.randomUUID().toString(), UUID.randomUUID() + "-1");
  }

  StoreIdentity upgraded(int newModel, String newFingerprint) {
    return new StoreIdentity(FORMAT, newModel, newFingerprint, group, peer);
  }

  /**
   * Reads it.
   *
   * @throws StoreException when it is damaged
   */
  static StoreIdentity read(Path file) throws IOException {
    Map<String, String> facts = new HashMap<>();
    for (String line : SmallFile.read(file).split("\n")) {
      int space = line.indexOf(' ');
      if (space > 0) {
        facts.put(line.substring(0, space), line.substring(space + 1));
      }
    }
    try {
      return new StoreIdentity(
          Integer.parseInt(fact(facts, TITLE)),
          Integer.parseInt(fact(facts, "model")),
          fact(facts, "fingerprint"),
          fact(facts, "group"),
          fact(facts, "peer"));
    } catch (IllegalArgumentException e) {
      throw new StoreException(file + " cannot be understood: " + e.getMessage(), e);
    }
  }

  private static String fact(Map<String, String> facts, String name) {
    String value = facts.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }

  void write(Path file) throws IOException {
    Path folder = file.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    SmallFile.write(
        file,
        "%s %d\nmodel %d\nfingerprint %s\ngroup %s\npeer %s\n"
            .formatted(TITLE, format, model, fingerprint, group, peer));
  }
}
