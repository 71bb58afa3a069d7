package io.keelson.store.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.store.Derivation;
import io.keelson.store.JournaledStore;
import io.keelson.store.Store;
import io.keelson.store.StoreConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that writes, over and over, and looks for what it had acknowledged. Most of the
 * time goes into starting processes, so each has several stores, all cut off in mid-write; more
 * kills with {@code -Dkeelson.kills=N}.
 */
class KillTest {
  private static final int STORES = 5;
  private static final int KILLS = Integer.getInteger("keelson.kills", 10);
  private static final int MOST_STEPS = 400;
  private static final long SEED = 20260101;

  @TempDir private Path temp;

  @Test
  void losesNothingThatWasAcknowledged() throws Exception {
    ChildJvm jvm = new ChildJvm(temp);
    List<String> arguments = new ArrayList<>(List.of("1"));
    for (int i = 0; i < STORES; i++) {
      arguments.add(folder(i).toString());
    }
    assertThat(start(jvm, arguments).waitFor()).isZero();
    arguments.set(0, "1000000");
    Random random = new Random(SEED);
    long[][] acknowledged = new long[STORES][Writers.COUNT];
    for (int kill = 0; kill < KILLS; kill++) {
      runAndKill(start(jvm, arguments), random.nextInt(MOST_STEPS), acknowledged);
      for (int i = 0; i < STORES; i++) {
        compare(folder(i), acknowledged[i]);
      }
    }
    for (long[] writers : acknowledged) {
      assertThat(writers).as("each wrote more than at first").doesNotContain(0, 1);
    }
  }

  private Path folder(int store) {
    return temp.resolve("store" + store);
  }

  private static Process start(ChildJvm jvm, List<String> arguments) throws IOException {
    return jvm.start(List.of(), Writers.class, arguments.toArray(String[]::new));
  }

  /** Lets a process write until it has acknowledged so many steps more, then kills it. */
  private static void runAndKill(Process process, int steps, long[][] acknowledged)
      throws IOException, InterruptedException {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      int seen = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ");
        acknowledged[Integer.parseInt(words[1])][Integer.parseInt(words[2])] =
            Long.parseLong(words[3]);
        seen++;
        if (seen >= steps) {
          // not through the process itself, which would close what it had said
          process.toHandle().destroyForcibly();
        }
      }
    }
    process.waitFor();
  }

  private static void compare(Path folder, long[] acknowledged) {
    try (Store store = JournaledStore.open(new StoreConfig(folder, Derivation.NONE))) {
      for (int writer = 0; writer < Writers.COUNT; writer++) {
        assertThat(Writers.position(store.snapshot(), writer))
            .as("step of writer %d", writer)
            .isBetween(acknowledged[writer], acknowledged[writer] + 1);
        acknowledged[writer] = Writers.position(store.snapshot(), writer);
      }
    }
  }
}
