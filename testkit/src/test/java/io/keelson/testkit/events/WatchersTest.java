package io.keelson.testkit.events;

import static io.keelson.testkit.wire.Values.real;
import static io.keelson.testkit.wire.Values.text;
import static io.keelson.testkit.wire.Values.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import io.keelson.testkit.wire.RawHttp;
import io.keelson.testkit.wire.Values;
import io.keelson.testkit.wire.XmlRpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Many who wait, replicas under load, and one who does not read. */
@RunsOn(hosts = 1, shared = false)
class WatchersTest {
  private static final int WAITING = 1000;
  private static final String[] CLASSES = {"VM", "VBD", "network", "VM_metrics"};

  private final ServerBox box;
  private final Api api;
  private final Vms vms;

  WatchersTest(ServerBox box) {
    this.box = box;
    this.api = box.login(Format.JSON_RPC);
    this.vms = new Vms(api);
  }

  @AfterEach
  void tidy() {
    vms.close();
    api.close();
  }

  @Test
  void oneChangeWakesAThousandWhoCostNoThreads() throws IOException {
    JsonNode vm = vms.halted();
    String token = now();
    List<RawHttp> waiting = new ArrayList<>();
    long threadsBefore = threads();
    try {
      for (int i = 0; i < WAITING; i++) {
        RawHttp http = new RawHttp(box.api());
        waiting.add(http);
        http.send(request("/", wait(vm, token)));
      }
      await().atMost(Duration.ofSeconds(30)).until(() -> openFiles() > WAITING);
      assertThat(threads() - threadsBefore).isLessThan(50);

      api.call("VM.set_name_description", vm, text("wake up"));

      for (RawHttp http : waiting) {
        assertThat(http.response().text()).contains("wake up");
      }
    } finally {
      for (RawHttp http : waiting) {
        http.close();
      }
    }
  }

  @Test
  void replicasUnderConcurrentWritersBecomeWhatTheServerHas() throws Exception {
    AtomicBoolean writing = new AtomicBoolean(true);
    List<Replica> replicas = Stream.generate(() -> new Replica(CLASSES)).limit(4).toList();
    List<Vms> made = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> followers = new ArrayList<>();
      for (Replica replica : replicas) {
        followers.add(threads.submit(() -> follow(replica, writing)));
      }
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Vms own = new Vms(api);
        made.add(own);
        Random random = new Random(i);
        writers.add(threads.submit(() -> write(own, random)));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
      writing.set(false);
      for (Future<?> follower : followers) {
        follower.get();
      }
    }
    for (Replica replica : replicas) {
      replica.catchUp(api);
      assertThat(replica.records()).isEqualTo(Replica.served(api, CLASSES));
    }
    made.forEach(Vms::close);
  }

  @Test
  void whoDoesNotReadHoldsNobodyUp() throws IOException {
    for (int i = 0; i < 50; i++) {
      vms.halted();
    }
    try (RawHttp stalled = new RawHttp(box.api())) {
      JsonNode nothing = real(0.1);
      String all =
          request(
              "/",
              XmlRpc.call("event.from", List.of(api.session(), texts("*"), text(""), nothing)));
      for (int i = 0; i < 20; i++) {
        stalled.send(all);
      }
      Replica replica = new Replica("VM");
      replica.catchUp(api);
      JsonNode vm = vms.halted();
      assertThat(replica.follow(api, 10)).isTrue();
      assertThat(replica.records()).containsKey(vm.asString());
    }
    assertThat(api.call("pool.get_all")).hasSize(1);
  }

  private void follow(Replica replica, AtomicBoolean writing) {
    while (writing.get()) {
      replica.follow(api, 1);
    }
  }

  private void write(Vms own, Random random) {
    List<JsonNode> mine = new ArrayList<>();
    for (int change = 0; change < 60; change++) {
      if (mine.size() < 3 || random.nextInt(4) == 0) {
        mine.add(own.halted());
      }
      JsonNode vm = mine.get(random.nextInt(mine.size()));
      switch (random.nextInt(4)) {
        case 0 -> api.call("VM.set_name_description", vm, text("change " + change));
        case 1 -> api.answer("VBD.create", Vms.cdRecord(vm, Integer.toString(random.nextInt(3))));
        case 2 -> api.call("VM.add_tags", vm, text("tag " + change));
        default -> {
          api.call("VM.destroy", vm);
          mine.remove(vm);
        }
      }
    }
  }

  private String now() {
    return api.call("event.from", texts("crashdump"), text(""), real(0.01)).get("token").asString();
  }

  private String wait(JsonNode vm, String token) {
    JsonNode subscription = Values.texts("vm/" + vm.asString());
    return XmlRpc.call("event.from", List.of(api.session(), subscription, text(token), real(120)));
  }

  private static String request(String path, String body) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: test\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private long openFiles() throws IOException {
    return count("fd");
  }

  private long threads() throws IOException {
    return count("task");
  }

  private long count(String folder) throws IOException {
    try (Stream<Path> entries = Files.list(Path.of("/proc", Long.toString(box.pid()), folder))) {
      return entries.count();
    }
  }
}
