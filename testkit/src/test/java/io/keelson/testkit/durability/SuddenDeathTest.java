package io.keelson.testkit.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.events.Replica;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Kills the server while several clients write, starts it again on what it left, and holds what it
 * kept against what it acknowledged. A replica that lives on events alone is compared as well.
 */
class SuddenDeathTest {
  private static final int KILLS = Integer.getInteger("keelson.kills", 12);
  private static final int WRITERS = 4;

  @TempDir private Path folder;

  @Test
  void nothingAcknowledgedIsLost() throws Exception {
    long seed = Long.getLong("keelson.seed", new Random().nextLong());
    Random random = new Random(seed);
    List<Writer> writers =
        IntStream.range(0, WRITERS).mapToObj(number -> new Writer(number, seed)).toList();
    Replica replica = new Replica("vm");
    try (ServerBox box = ServerBox.simulated(folder, 1)) {
      for (int kill = 0; kill < KILLS; kill++) {
        box.start();
        compare(box, writers, replica, "seed " + seed + ", kill " + kill + "\n" + box.log());
        writeAndKill(box, writers, replica, 1 + random.nextInt(80));
      }
      box.start();
      compare(box, writers, replica, "seed " + seed + ", at the end\n" + box.log());
    }
    assertThat(writers).allSatisfy(writer -> assertThat(writer.changes()).isGreaterThan(KILLS));
  }

  private static void compare(ServerBox box, List<Writer> writers, Replica replica, String when) {
    try (Api api = box.login(Format.JSON_RPC)) {
      JsonNode vms = api.call("VM.get_all_records");
      for (Writer writer : writers) {
        assertThat(writer.compare(vms)).as(when).isEqualTo(Optional.empty());
      }
      replica.catchUp(api);
      assertThat(replica.records()).as(when).isEqualTo(Replica.served(api, "VM"));
    }
  }

  /** The server dies once so many changes are acknowledged, with others on their way. */
  private static void writeAndKill(
      ServerBox box, List<Writer> writers, Replica replica, int acknowledgements) throws Exception {
    CountDownLatch enough = new CountDownLatch(acknowledgements);
    List<Api> apis = writers.stream().map(_ -> box.login(Format.JSON_RPC)).toList();
    Api listening = box.login(Format.JSON_RPC);
    List<Future<?>> ends = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < WRITERS; i++) {
        Writer writer = writers.get(i);
        Api api = apis.get(i);
        ends.add(threads.submit(() -> writer.run(api, enough)));
      }
      ends.add(threads.submit(() -> listen(listening, replica)));
      boolean written = enough.await(60, TimeUnit.SECONDS);
      box.kill();
      for (Future<?> end : ends) {
        end.get();
      }
      assertThat(written).isTrue();
    }
  }

  private static void listen(Api api, Replica replica) {
    try {
      while (true) {
        replica.follow(api, 5);
      }
    } catch (UncheckedIOException _) {
      // The server is gone.
    }
  }
}
