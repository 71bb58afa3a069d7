package io.keelson.conformance.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.conformance.rpc.Answer;
import io.keelson.conformance.rpc.Exchange;
import io.keelson.conformance.rpc.Format;
import io.keelson.conformance.rpc.Values;
import io.keelson.conformance.surface.Surface;
import io.keelson.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is kept of calls, and how it is made readable. */
class RecorderTest {
  private static final String SESSION = "OpaqueRef:" + UUID.randomUUID();
  private static final String VM = "OpaqueRef:" + UUID.randomUUID();
  private static final String HOST = "OpaqueRef:" + UUID.randomUUID();

  private final JsonMapper json = new JsonMapper();
  private final Recorder recorder = new Recorder(new Surface(Model.load()));

  @Test
  void referencesSayOfWhichClassTheyAre() {
    hear("VM.start_on", "\"\"", SESSION, VM, HOST);

    assertThat(only().in(Format.JSON_RPC).orElseThrow().request())
        .contains("[\"OpaqueRef:session-1\",\"OpaqueRef:VM-1\",\"OpaqueRef:host-1\"]");
  }

  @Test
  void whatIsPrivateOrOfTheMomentHasStandIns() {
    hear(
        "session.login_with_password",
        "\"" + SESSION + "\"",
        "root",
        "hidden",
        "1.0",
        "keelson-conformance");
    hear("host.get_servertime", "\"20261129T11:22:33Z\"", SESSION, HOST);
    hear("host.get_log", "\"at http://127.0.0.1:8780/ and 127.0.0.1\"", SESSION, HOST);

    assertThat(recorder.examples())
        .extracting(e -> e.in(Format.JSON_RPC).orElseThrow().toString())
        .noneMatch(text -> text.contains("hidden") || text.contains("127.0.0.1"))
        .anyMatch(text -> text.contains("\"root\",\"the-password\",\"1.0\",\"example\""))
        .anyMatch(text -> text.contains("20260105T09:00:00Z"))
        .anyMatch(text -> text.contains("at https://host.example.com/ and 192.0.2.10"));
  }

  @Test
  void thePasswordOfTheRunIsNowhere() {
    recorder.hide("hidden");
    hear("pool.initialize_wlb", "\"\"", SESSION, "192.0.2.10", "wlb", "secret", "root", "hidden");

    assertThat(only().in(Format.JSON_RPC).orElseThrow().request())
        .contains("\"root\",\"the-password\"]");
  }

  @Test
  void longRepliesEndInAnEllipsis() {
    hear("VM.get_all", json.writeValueAsString(Collections.nCopies(5, VM)), SESSION);
    hear("host.get_log", "\"" + "x".repeat(500) + "\"", SESSION, HOST);

    assertThat(recorder.examples())
        .extracting(e -> e.in(Format.JSON_RPC).orElseThrow().reply())
        .anyMatch(reply -> reply.contains("\"OpaqueRef:VM-1\",\"\u2026 1 more\""))
        .anyMatch(reply -> reply.contains("x".repeat(160) + "\u2026\""));
  }

  @Test
  void xmlIsCutAtTheSamePlaces() {
    String values = "<value>" + VM + "</value>";
    String reply =
        "<methodResponse><params><param><value><struct>"
            + "<member><name>Status</name><value>Success</value></member>"
            + "<member><name>Value</name><value><array><data>"
            + values.repeat(5)
            + "</data></array></value></member></struct></value></param></params></methodResponse>";
    recorder.heard(
        new Exchange(
            Format.XML_RPC,
            "VM.get_all",
            List.of(Values.text(SESSION)),
            "<methodCall><methodName>VM.get_all</methodName></methodCall>",
            reply,
            Format.XML_RPC.answer(reply)));

    assertThat(only().in(Format.XML_RPC).orElseThrow().reply())
        .contains("<value>OpaqueRef:VM-1</value><!-- \u2026 1 more -->");
  }

  @Test
  void aSuccessCountsMoreThanARefusalAndAnAnswerMoreThanNone() {
    refuse("VM.get_possible_hosts", "HANDLE_INVALID");
    assertThat(only().success()).isFalse();
    hear("VM.get_possible_hosts", "[]", SESSION, VM);
    hear("VM.get_possible_hosts", "[\"" + HOST + "\"]", SESSION, VM);
    refuse("VM.get_possible_hosts", "VM_IS_TEMPLATE");

    assertThat(only().success()).isTrue();
    assertThat(only().in(Format.JSON_RPC).orElseThrow().reply()).contains("OpaqueRef:host-1");
  }

  @Test
  void filesHoldThemAsTheyAre(@TempDir Path folder) throws IOException {
    hear("VM.start_on", "\"\"", SESSION, VM, HOST);
    ExampleFiles.write(recorder.examples(), folder);

    try (Stream<String> lines = Files.lines(folder.resolve("VM.jsonl"))) {
      assertThat(ExampleFiles.read(lines)).isEqualTo(recorder.examples());
    }
  }

  private Example only() {
    assertThat(recorder.examples()).hasSize(1);
    return recorder.examples().getFirst();
  }

  private void hear(String method, String result, String... parameters) {
    answer(method, "\"result\":" + result, parameters);
  }

  private void refuse(String method, String code) {
    answer(method, "\"error\":{\"code\":1,\"message\":\"" + code + "\",\"data\":[]}", SESSION, VM);
  }

  private void answer(String method, String answer, String... parameters) {
    List<JsonNode> given = Stream.of(parameters).map(Values::text).toList();
    String reply = "{\"jsonrpc\":\"2.0\"," + answer + ",\"id\":7}";
    Answer read = Format.JSON_RPC.answer(reply);
    String request =
        "{\"jsonrpc\":\"2.0\",\"method\":\"%s\",\"id\":7,\"params\":%s}"
            .formatted(method, json.writeValueAsString(given));
    recorder.heard(new Exchange(Format.JSON_RPC, method, given, request, reply, read));
  }
}
