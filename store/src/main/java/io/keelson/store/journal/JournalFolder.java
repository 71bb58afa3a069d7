package io.keelson.store.journal;

import io.keelson.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder of a store: {@code store} says what it is, {@code lock} who has it, {@code mark} what
 * is durable, {@code journal/} holds the entries, {@code snapshots/} the snapshots, and {@code
 * ratis} the checksums of the two files that Ratis keeps its own state in, and the first stamp of
 * volatile changes since the last start.
 */
record JournalFolder(Path root, String group) {
  private static final String STARTING = "starting";
  private static final String READY = "ready";

  static Path identity(Path root) {
    return root.resolve("store");
  }

  static Path lock(Path root) {
    return root.resolve("lock");
  }

  Path mark() {
    return root.resolve("mark");
  }

  Path journal() {
    return root.resolve("journal");
  }

  Path entries() {
    return RatisJournal.entries(journal(), group);
  }

  Path snapshots() {
    return root.resolve("snapshots");
  }

  Path sums() {
    return root.resolve("ratis");
  }

  private String state(String word, long stamp) throws IOException {
    StringBuilder text = new StringBuilder(word + "\nstamp " + stamp + "\n");
    if (word.equals(READY)) {
      for (String name : new String[] {"raft-meta", "raft-meta.conf"}) {
        Path file = entries().resolve(name);
        String sum = Files.exists(file) ? SmallFile.sum(Files.readAllBytes(file)) : "absent";
        text.append(name).append(' ').append(sum).append('\n');
      }
    }
    return text.toString();
  }

  /** The stamp noted at the last start; 0 at the first. */
  long lastStamp() throws IOException {
    if (!Files.exists(sums())) {
      return 0;
    }
    String line = SmallFile.read(sums()).split("\n")[1];
    return Long.parseLong(line.substring(line.indexOf(' ') + 1));
  }

  /** Ratis is about to change its own files. */
  void noteStarting(long stamp) throws IOException {
    SmallFile.write(sums(), state(STARTING, stamp));
  }

  /** Ratis has written its own files. */
  void noteReady(long stamp) {
    try {
      SmallFile.write(sums(), state(READY, stamp));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Compares Ratis' own files with their checksums; not possible when the last start was cut short.
   *
   * @throws StoreException when they are damaged
   */
  void checkRatisFiles() throws IOException {
    if (!Files.exists(sums())) {
      if (Files.exists(entries())) {
        throw new StoreException(sums() + " is missing");
      }
      return;
    }
    String noted = SmallFile.read(sums());
    if (noted.startsWith(STARTING)) {
      return;
    }
    String now = state(READY, lastStamp());
    if (!noted.equals(now)) {
      String[] before = noted.split("\n");
      String[] after = now.split("\n");
      for (int i = 0; i < Math.min(before.length, after.length); i++) {
        if (!before[i].equals(after[i])) {
          String name = after[i].substring(0, after[i].indexOf(' '));
          throw new StoreException(
              entries().resolve(name) + " is damaged at offset 0: checksum mismatch");
        }
      }
    }
  }
}
