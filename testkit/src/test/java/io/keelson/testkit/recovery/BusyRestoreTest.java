package io.keelson.testkit.recovery;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Answer;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A backup and its restoration by a restart within the process, while clients call all the time.
 */
class BusyRestoreTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int SOME = 20;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir private Path folder;

  @Test
  void whatIsSavedAndRestoredUnderCallsIsOfOneMoment() throws Exception {
    try (ServerBox box = ServerBox.simulated(folder, 2).with("KEELSON_AGENT_PAUSE", "1").start()) {
      Api api = box.login(Format.JSON_RPC);
      JsonNode vm = api.call("VM.create", Vms.vmRecord("saved", 32));
      long pid = box.pid();
      byte[] saved;
      try (Clients clients = new Clients(box, vm)) {
        clients.awaitCalls();
        saved = saved(box, api);
        clients.awaitCalls();
        restore(box, api, saved);
        clients.awaitCalls();
        api.call("VM.create", Vms.vmRecord("after the restore", 32));
        restart(box, api);
      }
      JsonNode busy = restored(box);
      assertThat(box.pid()).isEqualTo(pid);
      assertThat(busy.get(vm.asString()).get("name_label")).isEqualTo(text("saved"));
      try (Api again = box.login(Format.JSON_RPC)) {
        assertThat(again.call("VM.get_by_name_label", text("after the restore"))).isEmpty();
        again.call("VM.start", vm, NO, NO);
        again.call("VM.hard_shutdown", vm);
        restore(box, again, saved);
        restart(box, again);
      }
      assertThat(restored(box)).as("the same without calls meanwhile").isEqualTo(busy);
    }
  }

  /** Some that make VMs and take them away, and one that starts and ends a VM again and again. */
  private static final class Clients implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> ends = new ArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();

    Clients(ServerBox box, JsonNode vm) {
      for (int i = 0; i < 3; i++) {
        Api api = box.login(Format.JSON_RPC);
        ends.add(threads.submit(() -> untilRefused(() -> makeAndTakeAway(api))));
      }
      Api api = box.login(Format.JSON_RPC);
      ends.add(threads.submit(() -> untilRefused(() -> startAndEnd(api, vm))));
    }

    /** A step says whether the server knows its session still. */
    private interface Step {
      boolean isAnswered();
    }

    private void untilRefused(Step step) {
      try {
        while (step.isAnswered()) {
          calls.incrementAndGet();
        }
      } catch (UncheckedIOException _) {
        // The server starts anew.
      }
    }

    private static boolean makeAndTakeAway(Api api) {
      return api.answer("VM.create", Vms.vmRecord("passing", 32))
              instanceof Answer.Success(JsonNode made)
          && api.answer("VM.destroy", made) instanceof Answer.Success;
    }

    private static boolean startAndEnd(Api api, JsonNode vm) {
      return api.answer("VM.start", vm, NO, NO) instanceof Answer.Success
          && api.answer("VM.hard_shutdown", vm) instanceof Answer.Success;
    }

    void awaitCalls() {
      int before = calls.get();
      await().atMost(PATIENCE).until(() -> calls.get() > before + SOME);
    }

    @Override
    public void close() {
      threads.close();
      ends.forEach(Future::resultNow);
    }
  }

  /** Every VM, once all is found to be in order. */
  private JsonNode restored(ServerBox box) throws Exception {
    try (Api api = box.login(Format.JSON_RPC)) {
      String report = new String(send(box, api, "/consistency").body(), ISO_8859_1);
      assertThat(report).contains("nothing is wrong");
      JsonNode vms = api.call("VM.get_all_records");
      vms.forEach(vm -> assertThat(vm.get("current_operations")).isEmpty());
      return vms;
    }
  }

  private static void restart(ServerBox box, Api api) {
    JsonNode host = api.call("host.get_all").get(0);
    JsonNode before = api.call("host.get_other_config", host).get("agent_start_time");
    api.call("host.restart_agent", host);
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> {
          try (Api again = box.login(Format.JSON_RPC)) {
            return !again
                .call("host.get_other_config", host)
                .get("agent_start_time")
                .equals(before);
          }
        });
  }

  private byte[] saved(ServerBox box, Api api) throws Exception {
    HttpResponse<byte[]> answer = send(box, api, "/host_backup");
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  private void restore(ServerBox box, Api api, byte[] saved) throws Exception {
    HttpRequest request =
        request(box, api, "/host_restore").PUT(BodyPublishers.ofByteArray(saved)).build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private HttpResponse<byte[]> send(ServerBox box, Api api, String path) throws Exception {
    return client.send(request(box, api, path).build(), BodyHandlers.ofByteArray());
  }

  private static HttpRequest.Builder request(ServerBox box, Api api, String path) {
    return HttpRequest.newBuilder(
        box.api().resolve(path + "?session_id=" + api.session().asString()));
  }
}
