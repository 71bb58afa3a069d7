package io.keelson.store.faults;

import io.keelson.api.ApiError;
import io.keelson.store.Derivation;
import io.keelson.store.JournaledStore;
import io.keelson.store.Store;
import io.keelson.store.StoreConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Writes to a store on a disk that fills up or fails, and says what came of it. */
public final class DiskScript {
  private static final int MOST = 100_000;
  private static final int BALLAST = 3 << 20;

  private final Path folder;
  private Store store;
  private long acknowledged;

  private DiskScript(Path folder) {
    this.folder = folder;
    this.store = open(folder);
  }

  private static Store open(Path folder) {
    return JournaledStore.open(new StoreConfig(folder, Derivation.NONE, 1_000_000, 1000));
  }

  /** What happens (full, limited or flush), and the folder. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]);
    switch (args[0]) {
      case "full" -> full(folder);
      case "limited" -> limited(folder);
      case "flush" -> flush(folder);
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static void say(String line) {
    System.out.println(line);
  }

  /** One step; the error's code when it was refused. */
  private Optional<String> write() {
    try {
      store.change(tx -> Writers.step(tx, 0, acknowledged + 1));
      acknowledged++;
      return Optional.empty();
    } catch (ApiError e) {
      return Optional.of(e.code().toString());
    }
  }

  private void writeUntilRefused() {
    for (int i = 0; i < MOST; i++) {
      Optional<String> refused = write();
      if (refused.isPresent()) {
        say("acknowledged " + acknowledged);
        say("refused " + refused.get());
        return;
      }
    }
    throw new IllegalStateException("never refused");
  }

  private void requireReads() {
    long seen = Writers.position(store.snapshot(), 0);
    say(seen == acknowledged ? "reads go on" : "reads show " + seen + " of " + acknowledged);
  }

  private void writeAgain() {
    Awaitility.await()
        .atMost(30, TimeUnit.SECONDS)
        .pollInterval(100, TimeUnit.MILLISECONDS)
        .until(() -> write().isEmpty());
    say("wrote again");
    requireReads();
  }

  private static void full(Path folder) throws Exception {
    Path ballast = folder.resolve("ballast");
    Files.write(ballast, new byte[BALLAST]);
    DiskScript script = new DiskScript(folder.resolve("store"));
    script.write();
    say("wrote");
    script.writeUntilRefused();
    script.requireReads();
    say(script.write().isPresent() ? "refused at once" : "wrote");
    Files.delete(ballast);
    script.writeAgain();
    for (int i = 0; i < 20; i++) {
      script.write();
    }
    script.store.close();
    script.store = open(script.folder);
    long seen = Writers.position(script.store.snapshot(), 0);
    say(
        seen == script.acknowledged
            ? "the same after opening again"
            : "lost: " + seen + " of " + script.acknowledged);
    script.store.close();
  }

  private static void limited(Path folder) {
    DiskScript script = new DiskScript(folder);
    script.writeUntilRefused();
    script.requireReads();
    Runtime.getRuntime().halt(0);
  }

  private static void flush(Path folder) {
    DiskScript script = new DiskScript(folder);
    script.writeUntilRefused();
    script.requireReads();
    script.writeAgain();
    for (int i = 0; i < 20; i++) {
      script.write();
    }
    say("acknowledged " + script.acknowledged);
    script.store.close();
  }
}
