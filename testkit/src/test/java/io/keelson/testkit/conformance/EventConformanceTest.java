package io.keelson.testkit.conformance;

import static io.keelson.testkit.wire.Values.real;
import static io.keelson.testkit.wire.Values.text;
import static io.keelson.testkit.wire.Values.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Answer;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import io.keelson.testkit.wire.RawHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Cases 58 to 61: what changes is told, once and in order. */
@RunsOn(hosts = 1)
@ParameterizedClass
@EnumSource(Format.class)
class EventConformanceTest {
  private static final Duration WAIT = Duration.ofSeconds(60);
  private static final String TOKEN = "\\d{20},\\d{20}";

  private final ServerBox box;
  private final Format format;
  private final Api api;
  private final Vms vms;

  EventConformanceTest(Format format, ServerBox box) {
    this.box = box;
    this.format = format;
    this.api = box.login(format);
    this.vms = new Vms(api);
  }

  @AfterEach
  void tidy() {
    vms.close();
    api.close();
  }

  @Test
  void fromTheBeginningEachObjectIsAddedOnce() {
    JsonNode batch = from("", "*");

    Set<String> seen = new HashSet<>();
    for (JsonNode event : batch.get("events")) {
      assertThat(event.get("operation").asString()).isEqualTo("add");
      assertThat(seen.add(event.get("ref").asString())).isTrue();
      assertThat(event.get("class").asString()).isLowerCase();
      assertThat(event.get("snapshot").isObject()).isTrue();
      assertThat(event.propertyNames())
          .containsExactly("id", "timestamp", "class", "operation", "ref", "snapshot");
    }
    assertThat(batch.get("token").asString()).matches(TOKEN);
    assertThat(batch.get("valid_ref_counts").get("vm").asInt())
        .isEqualTo(api.call("VM.get_all").size());
    assertThat(batch.get("valid_ref_counts").get("host").asInt()).isEqualTo(1);
    assertThat(seen).contains(api.call("pool.get_all").get(0).asString());
  }

  @Test
  void nobodyWaitsForAClientThatHasGone() throws IOException {
    api.call("event.register", texts("crashdump"));
    String next =
        "{\"jsonrpc\":\"2.0\",\"method\":\"event.next\",\"params\":[%s],\"id\":1}"
            .formatted(api.session());
    try (RawHttp client = new RawHttp(box.api())) {
      client.send(
          "POST /jsonrpc HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(next.length(), next));
      await().atMost(WAIT).until(() -> waiting() > 0);
    }
    await().atMost(WAIT).until(() -> waiting() == 0);
  }

  /** How many calls wait for something to happen. */
  private int waiting() throws IOException {
    try (RawHttp client = new RawHttp(box.api())) {
      String text =
          client
              .send(
                  "GET /metrics HTTP/1.1\r\nHost: here\r\nConnection: close\r\nCookie: session_id=%s\r\n\r\n"
                      .formatted(api.session().asString()))
              .response()
              .text();
      return text.lines()
          .filter(line -> line.startsWith("keelson_rpc_waiting "))
          .map(line -> Integer.parseInt(line.split(" ")[1]))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void tokenThatIsNoneIsNamed() {
    for (String token : List.of("x", "1", "1,x", "-1,0", "1,2,3")) {
      assertThat(api.refusal("event.from", texts("*"), text(token), real(0.1)))
          .containsExactly("EVENT_FROM_TOKEN_PARSE_FAILURE", token);
    }
  }

  @Test
  void subscriptionWithTooManyPartsIsNamed() {
    assertThat(api.refusal("event.from", texts("vm/a/b"), text(""), real(0.1)))
        .containsExactly("EVENT_SUBSCRIPTION_PARSE_FAILURE", "vm/a/b");
  }

  @Test
  void changesOfOneObjectAreOneEventWithItsLatestRecord() {
    JsonNode vm = vms.halted();
    String token = now();

    api.call("VM.set_name_description", vm, text("first"));
    api.call("VM.set_name_description", vm, text("second"));

    JsonNode batch = from(token, "VM/" + vm.asString());
    assertThat(batch.get("events")).hasSize(1);
    JsonNode event = batch.get("events").get(0);
    assertThat(event.get("operation").asString()).isEqualTo("mod");
    assertThat(event.get("class").asString()).isEqualTo("vm");
    assertThat(event.get("snapshot").get("name_description").asString()).isEqualTo("second");
    assertThat(event.get("snapshot")).isEqualTo(api.call("VM.get_record", vm));
  }

  @Test
  void deletionIsToldWithoutRecord() {
    JsonNode vm = vms.halted();
    String token = now();
    api.call("VM.destroy", vm);

    JsonNode events = from(token, "vm").get("events");
    assertThat(events).hasSize(1);
    assertThat(events.get(0).get("operation").asString()).isEqualTo("del");
    assertThat(events.get(0).get("ref")).isEqualTo(vm);
    assertThat(events.get(0).has("snapshot")).isFalse();
  }

  @Test
  void whatCameAndWentIsNotTold() {
    String token = now();
    api.call("VM.destroy", vms.halted());
    assertThat(from(token, "vm").get("events")).isEmpty();
  }

  @Test
  void classesThatAreNotAskedForAreNotTold() {
    String token = now();
    vms.halted();
    assertThat(from(token, "network", "sr").get("events")).isEmpty();
  }

  @Test
  void waitEndsWithTheFirstChange() {
    JsonNode vm = vms.halted();
    String token = now();
    CompletableFuture<JsonNode> waiting;
    try (Api other = box.login(format)) {
      waiting =
          CompletableFuture.supplyAsync(
              () -> other.call("event.from", texts("vm"), text(token), real(60)));
      api.call("VM.set_name_description", vm, text("changed"));
      assertThat(waiting.join().get("events").get(0).get("ref")).isEqualTo(vm);
    }
  }

  @Test
  void timeoutAnswersNothingAndANewToken() {
    JsonNode batch = from(now(), "crashdump");
    assertThat(batch.get("events")).isEmpty();
    assertThat(batch.get("token").asString()).matches(TOKEN);
  }

  @Test
  void logOutEndsAWait() {
    Api other = box.login(format);
    String token = now();
    CompletableFuture<Answer> waiting =
        CompletableFuture.supplyAsync(
            () -> other.answer("event.from", texts("crashdump"), text(token), real(60)));
    other.close();
    assertThat(waiting.join())
        .isEqualTo(new Answer.Failure(List.of("SESSION_INVALID", other.session().asString())));
  }

  @Test
  void nextNeedsARegistration() {
    assertThat(api.refusal("event.next")).hasSize(2).startsWith("SESSION_NOT_REGISTERED");
  }

  @Test
  void registeredSessionHearsOfChanges() {
    api.call("event.register", texts("vm"));
    JsonNode vm = vms.halted();

    JsonNode events = api.call("event.next");
    assertThat(events.get(0).get("class").asString()).isEqualTo("vm");
    assertThat(events.get(0).get("ref")).isEqualTo(vm);
    assertThat(api.call("event.get_current_id").asLong()).isPositive();

    api.call("event.unregister", texts("vm"));
    assertThat(api.refusal("event.next")).startsWith("SESSION_NOT_REGISTERED");
  }

  @Test
  void injectedEventIsSeenByThoseWhoWait() {
    JsonNode pool = api.call("pool.get_all").get(0);
    String before = now();

    String injected = api.read("event.inject", text("pool"), pool);

    JsonNode batch = from(before, "pool");
    assertThat(batch.get("events").get(0).get("ref")).isEqualTo(pool);
    assertThat(batch.get("token").asString()).isGreaterThan(injected);
    assertThat(api.refusal("event.inject", text("pool"), text("OpaqueRef:none")))
        .containsExactly("HANDLE_INVALID", "pool", "OpaqueRef:none");
  }

  @Test
  void generationIsTheIdOfAChange() {
    JsonNode vm = vms.halted();
    String token = now();
    api.call("VM.set_name_description", vm, text("x"));
    JsonNode event = from(token, "vm").get("events").get(0);
    assertThat(Long.parseLong(event.get("id").asString()))
        .isGreaterThan(Long.parseLong(token.substring(0, 20)));
    assertThat(event.get("timestamp").asString()).isEqualTo("0.0");
  }

  private JsonNode from(String token, String... classes) {
    return api.call("event.from", texts(classes), text(token), real(0.2));
  }

  private String now() {
    return from("", "crashdump").get("token").asString();
  }
}
