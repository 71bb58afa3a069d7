package io.keelson.control.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.Value;
import io.keelson.api.model.Vm;
import io.keelson.control.TestControl;
import io.keelson.control.gate.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Events, as clients ask for them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventsTest {
  private final TestControl control;
  private final String session;

  EventsTest(@TempDir Path folder) {
    control = new TestControl(folder);
    session = control.session();
  }

  @AfterAll
  void close() {
    control.close();
  }

  private Outcome from(String who, String classes, String token, double timeout) {
    return control.callWith(
        "event.from",
        List.of(
            new Value.Text(who),
            new Value.Sequence(List.of(new Value.Text(classes))),
            new Value.Text(token),
            new Value.Real(timeout)));
  }

  private Map<?, ?> batch(String classes, String token, double timeout) {
    return (Map<?, ?>) TestControl.answer(from(session, classes, token, timeout));
  }

  private String token() {
    return member(batch("unicorn", "", 0), "token").toString();
  }

  private static Object member(Map<?, ?> map, String name) {
    return Objects.requireNonNull(map.get(name), name);
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> events(Map<?, ?> batch) {
    return (List<Map<String, Object>>) member(batch, "events");
  }

  @Test
  void fromTheBeginningEverythingIsNew() {
    control.vm("there");
    Map<?, ?> batch = batch("*", "", 0.1);
    assertThat(events(batch))
        .allSatisfy(e -> {
          assertThat(e).containsEntry("operation", "add").containsKey("snapshot");
          assertThat(member(e, "class").toString()).isLowerCase();
          assertThat(e).containsEntry("timestamp", "0.0");
        });
    assertThat(events(batch)).extracting(e -> e.get("class")).contains("vm", "pool", "role");
    assertThat(events(batch))
        .extracting(e -> e.get("class"))
        .doesNotContain("session", "user", "secret");
    assertThat(member(batch, "token").toString()).matches("\\d{20},\\d{20}");
    Map<?, ?> counts = (Map<?, ?>) member(batch, "valid_ref_counts");
    assertThat(counts.get("vm")).isEqualTo(control.store.snapshot().table(ApiModel.VM).size());
    assertThat(counts.get("session"))
        .isEqualTo(control.store.snapshot().table(ApiModel.SESSION).size());
    assertThat(counts).hasSize(43);
  }

  @Test
  void changesAreToldOnceWithTheNewestRecord() {
    Ref<Vm> vm = control.vm("before");
    String token = token();
    control.answer("VM.set_name_label", session, vm.text(), "after");
    control.answer("VM.set_name_description", session, vm.text(), "more");
    Map<?, ?> batch = batch("vm/" + vm.text(), token, 10);
    assertThat(events(batch)).hasSize(1);
    Map<String, Object> event = events(batch).getFirst();
    assertThat(event)
        .containsEntry("operation", "mod")
        .containsEntry("class", "vm")
        .containsEntry("ref", vm.text());
    assertThat((Map<?, ?>) member(event, "snapshot"))
        .isEqualTo(control.answer("VM.get_record", session, vm.text()));
    assertThat(events(batch("vm/" + vm.text(), member(batch, "token").toString(), 0))).isEmpty();
    control.store.change(tx -> tx.delete(ApiModel.VM, vm));
    assertThat(events(batch("VM", member(batch, "token").toString(), 10)))
        .singleElement()
        .satisfies(e -> {
          assertThat(e).containsEntry("operation", "del").containsEntry("ref", vm.text());
          assertThat(e).doesNotContainKey("snapshot");
        });
  }

  @Test
  void whatCameAndWentIsNotTold() {
    String token = token();
    Ref<Vm> vm = control.vm("brief");
    control.store.change(tx -> tx.delete(ApiModel.VM, vm));
    assertThat(events(batch("vm/" + vm.text(), token, 0))).isEmpty();
  }

  @Test
  void badTokensAndSubscriptions() {
    assertThat(TestControl.error(from(session, "*", "nonsense", 0)))
        .containsExactly("EVENT_FROM_TOKEN_PARSE_FAILURE", "nonsense");
    assertThat(TestControl.error(from(session, "a/b/c", "", 0)))
        .containsExactly("EVENT_SUBSCRIPTION_PARSE_FAILURE", "a/b/c");
    assertThat(TestControl.error(from(session, "*", "99999999999,0", 0)))
        .containsExactly("EVENTS_LOST");
  }

  @Test
  void aWaitEndsWithTheChangeItWaitedFor() throws Exception {
    Ref<Vm> vm = control.vm("watched");
    String token = token();
    CompletableFuture<Map<?, ?>> waiting =
        CompletableFuture.supplyAsync(() -> batch("vm/" + vm.text(), token, 60));
    control.answer("VM.set_name_label", session, vm.text(), "seen");
    assertThat(events(waiting.get(30, TimeUnit.SECONDS))).hasSize(1);
  }

  @Test
  void aWaitEndsWithItsSession() throws Exception {
    String brief = control.session();
    CompletableFuture<Outcome> waiting =
        CompletableFuture.supplyAsync(() -> from(brief, "vm/OpaqueRef:none", token(), -1));
    control.answer("session.logout", brief);
    assertThat(TestControl.error(waiting.get(30, TimeUnit.SECONDS)))
        .containsExactly("SESSION_INVALID", brief);
  }

  @Test
  void injectedTokensAreSureToBeAnswered() {
    String token = control.answer("event.inject", session, "pool", control.pool.text()).toString();
    Map<?, ?> batch = batch("pool", token, 10);
    assertThat(events(batch))
        .singleElement()
        .satisfies(e -> {
          assertThat(e).containsEntry("operation", "mod").containsEntry("class", "pool");
        });
    assertThat(member(batch, "token").toString()).isGreaterThan(token);
    assertThat(TestControl.error(control.call("event.inject", session, "pool", "OpaqueRef:x")))
        .containsExactly("HANDLE_INVALID", "pool", "OpaqueRef:x");
    assertThat(TestControl.error(control.call("event.inject", session, "unicorn", "x")))
        .containsExactly("HANDLE_INVALID", "unicorn", "x");
  }

  @Test
  void registeredSessionsAreToldInTurn() throws Exception {
    String old = control.session();
    assertThat(TestControl.error(control.call("event.next", old)))
        .startsWith("SESSION_NOT_REGISTERED");
    Value classes = new Value.Sequence(List.of(new Value.Text("vm")));
    TestControl.answer(control.callWith("event.register", List.of(new Value.Text(old), classes)));
    CompletableFuture<Object> next =
        CompletableFuture.supplyAsync(() -> control.answer("event.next", old));
    Ref<Vm> vm = control.vm("new");
    List<?> events = (List<?>) next.get(30, TimeUnit.SECONDS);
    assertThat(events.toString()).contains(vm.text(), "operation=add");
    TestControl.answer(control.callWith("event.unregister", List.of(new Value.Text(old), classes)));
    assertThat(TestControl.error(control.call("event.next", old)))
        .startsWith("SESSION_NOT_REGISTERED");
    assertThat((Long) control.answer("event.get_current_id", old)).isPositive();
  }

  @Test
  void thousandsWait() throws Exception {
    int watchers = 3_000;
    Ref<Vm> vm = control.vm("popular");
    String token = token();
    CountDownLatch told = new CountDownLatch(watchers);
    List<Thread> threads =
        IntStream.range(0, watchers)
            .mapToObj(_ ->
                Thread.ofVirtual()
                    .start(() -> {
                      if (!events(batch("vm/" + vm.text(), token, 120)).isEmpty()) {
                        told.countDown();
                      }
                    }))
            .toList();
    control.answer("VM.set_name_label", session, vm.text(), "seen by all");
    Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> told.getCount() == 0);
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
