package io.keelson.control.backup;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.store.codec.StoredModel;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first file of an archive: what the others are, in their order, and a seal that only the host
 * that has written it can make.
 *
 * @param host uuid of the coordinator
 * @param pool its uuid
 * @param created when, in ISO 8601
 */
record BackupManifest(String host, String pool, String created, List<Entry> entries) {
  private static final int HEAD = 5;
  static final String NAME = "keelson-host-backup";
  static final int MOST_BYTES = 32 << 20;

  private static final String FORMAT = "1";
  private static final String SEAL = "seal ";
  private static final int LONGEST_MEMBER = 100;
  private static final Pattern MODEL = Pattern.compile("[0-9]{1,6}");
  private static final Pattern FILE =
      Pattern.compile("file ([0-9a-f]{64}) ([0-9]{1,15}) ([!-~]{1,300})");

  BackupManifest {
    entries = List.copyOf(entries);
  }

  /**
   * A file.
   *
   * @param path in the data folder
   * @param sha256 in hexadecimal digits
   */
  record Entry(String path, long size, String sha256) {
    /** Its name in the archive. */
    String member() {
      return path.length() > LONGEST_MEMBER ? sha256 : path;
    }
  }

  byte[] bytes(BackupKey key) {
    StringBuilder text = new StringBuilder();
    line(text, NAME, FORMAT);
    line(text, "model", Integer.toString(StoredModel.CURRENT.version()));
    line(text, "host", host);
    line(text, "pool", pool);
    line(text, "created", created);
    entries.forEach(e -> line(text, "file", e.sha256 + " " + e.size + " " + e.path));
    String body = text.toString();
    return (body + SEAL + key.seal(body) + "\n").getBytes(US_ASCII);
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(name).append(' ').append(value).append('\n');
  }

  /**
   * @throws ApiError RESTORE_INCOMPATIBLE_VERSION for a format that is not known;
   *     RESTORE_SCRIPT_FAILED when it is damaged, or another host's
   */
  static BackupManifest read(byte[] bytes, BackupKey.Trust trust) {
    String text = new String(bytes, US_ASCII);
    int end = text.lastIndexOf(SEAL);
    List<String> lines = text.substring(0, Math.max(end, 0)).lines().toList();
    if (end < 0 || lines.size() < HEAD || !lines.getFirst().startsWith(NAME + " ")) {
      throw refused("the archive's first file is no list of a backup");
    }
    if (!lines.getFirst().equals(NAME + " " + FORMAT) || model(lines) > newest()) {
      throw ApiErrors.restoreIncompatibleVersion();
    }
    String seal = text.substring(end + SEAL.length()).strip();
    if (!trust.believes(text.substring(0, end), seal)) {
      throw refused("the archive is another host's, or was changed");
    }
    return new BackupManifest(
        value(lines, 2, "host"),
        value(lines, 3, "pool"),
        value(lines, 4, "created"),
        entries(lines.subList(HEAD, lines.size())));
  }

  private static int newest() {
    return StoredModel.CURRENT.version();
  }

  private static int model(List<String> lines) {
    String model = value(lines, 1, "model");
    if (!MODEL.matcher(model).matches()) {
      throw refused("the archive's list has no version of objects");
    }
    return Integer.parseInt(model);
  }

  private static String value(List<String> lines, int at, String name) {
    String line = lines.get(at);
    if (!line.startsWith(name + " ")) {
      throw refused("the archive's list has no " + name);
    }
    return line.substring(name.length() + 1);
  }

  private static List<Entry> entries(List<String> lines) {
    List<Entry> entries = new ArrayList<>();
    Set<String> paths = new HashSet<>();
    for (String line : lines) {
      Matcher file = FILE.matcher(line);
      if (!file.matches() || !BackupParts.has(file.group(3)) || !paths.add(file.group(3))) {
        throw refused("the archive lists what belongs in no backup: " + line);
      }
      entries.add(new Entry(file.group(3), Long.parseLong(file.group(2)), file.group(1)));
    }
    if (!paths.contains(BackupParts.OBJECTS)) {
      throw refused("the archive has no objects");
    }
    return entries;
  }

  /** Bytes of all files. */
  long size() {
    return entries.stream().mapToLong(Entry::size).sum();
  }

  static boolean same(String one, String other) {
    return MessageDigest.isEqual(one.getBytes(US_ASCII), other.getBytes(US_ASCII));
  }

  static ApiError refused(String why) {
    return ApiErrors.restoreScriptFailed(why);
  }
}
