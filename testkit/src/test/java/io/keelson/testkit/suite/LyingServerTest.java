package io.keelson.testkit.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.conformance.Options;
import io.keelson.conformance.Suite;
import io.keelson.conformance.report.Report;
import io.keelson.conformance.report.Report.Ending;
import io.keelson.conformance.rpc.LoginException;
import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * The suite against servers that are wrong: each fault is found, and named by the message that has
 * it; whatever a server does, the suite comes to its end and says that something is wrong.
 */
@RunsOn(hosts = 1)
class LyingServerTest {
  private final ServerBox box;

  LyingServerTest(ServerBox box) {
    this.box = box;
  }

  @Test
  void everyLieIsFoundAndNamed() throws LoginException, IOException {
    Map<String, Proxy.Lie> lies =
        Map.of(
            // another number than was counted
            "secret.create", replace("\"0\"", "\"7\""),
            // another object than was asked for
            "secret.destroy", replace("OpaqueRef:", "OpaqueRef:0"),
            // a record without one of its fields
            "secret.get_record", replace("\"value\":", "\"worth\":"),
            // a role that may what it must not
            "secret.set_value",
                (format, _, reply) ->
                    Optional.of(reply.contains("RBAC_PERMISSION_DENIED") ? success(format) : reply),
            // whole numbers with a type, which clients of XML-RPC do not know
            "VMPP.get_backup_retention_value",
                replace("<name>Value</name><value>2</value>", typed(2)),
            // a getter that says something else than the record
            "VMPP.get_backup_type", replace("snapshot", "checkpoint"),
            // an error page
            "VMPP.get_archive_schedule", (_, _, _) -> Optional.of("<html>no</html>"),
            // something of another kind altogether
            "VMPP.get_all_records",
                (format, _, reply) ->
                    Optional.of(reply.contains("SESSION") ? reply : success(format)),
            // the same event all over again
            "event.from", replace("\"mod\"", "\"add\""));
    try (Proxy proxy = new Proxy(box.api(), lies)) {
      Report report = measured(proxy.url(), "--class", "secret,VMPP,event");

      assertThat(report.ending()).isEqualTo(Ending.FAILED);
      assertThat(report.failures())
          .anyMatch(f -> f.startsWith("error secret.create MESSAGE_PARAMETER_COUNT_MISMATCH: "))
          .anyMatch(f -> f.startsWith("error secret.destroy HANDLE_INVALID: "))
          .anyMatch(f -> f.equals("field secret.value: the record lacks it"))
          .anyMatch(f -> f.startsWith("role secret.set_value read-only: RBAC_PERMISSION_DENIED"))
          .anyMatch(f -> f.startsWith("implicit VMPP.get_backup_retention_value: says 2 "))
          .anyMatch(f -> f.startsWith("implicit VMPP.get_backup_type: says \"checkpoint\""))
          .anyMatch(f -> f.startsWith("implicit VMPP.get_archive_schedule: no "))
          .anyMatch(f -> f.startsWith("implicit VMPP.get_all_records: not what was asked for"))
          .anyMatch(f -> f.startsWith("case contract: events since a token: json: "));
      List<String> names = new ArrayList<>(lies.keySet());
      names.addAll(List.of("case ", "method event.from", "field secret.value", "field VMPP."));
      assertThat(report.failures()).allMatch(f -> names.stream().anyMatch(f::contains));
    }
  }

  @Test
  void aMessageThatHangsIsNamedAndNotWaitedForAgainAndAgain() throws LoginException, IOException {
    AtomicInteger asked = new AtomicInteger();
    Proxy.Lie silence =
        (_, _, _) -> {
          asked.incrementAndGet();
          return Optional.empty();
        };
    try (Proxy proxy = new Proxy(box.api(), Map.of("secret.get_value", silence))) {
      Report report = measured(proxy.url(), "--class", "secret", "--patience", "3");

      assertThat(report.ending()).isEqualTo(Ending.FAILED);
      assertThat(report.failures())
          .anyMatch(f ->
              f.startsWith("error secret.get_value") && f.endsWith("not no answer within 3.0 s"))
          .contains("implicit secret.get_value: secret.get_value did not answer before");
      assertThat(asked).hasValue(2);
    }
  }

  @Test
  void aServerThatFallsSilentIsLeftAtOnce() throws LoginException, IOException {
    AtomicInteger calls = new AtomicInteger();
    Proxy.Lie silence =
        (_, _, reply) -> calls.incrementAndGet() > 50 ? Optional.empty() : Optional.of(reply);
    try (Proxy proxy = new Proxy(box.api(), Map.of("*", silence))) {
      Report report = measured(proxy.url(), "--patience", "2");

      assertThat(report.ending()).isEqualTo(Ending.FAILED);
      assertThat(report.failures())
          .anyMatch(f -> f.endsWith("not no answer within 2.0 s"))
          .anyMatch(f -> f.endsWith("the server does not answer any more"));
      assertThat(calls.get()).isLessThan(60);
    }
  }

  /** Answers that mean nothing, whatever was asked: the suite deals with them all. */
  @Test
  void aServerOfNonsenseFailsAndNothingBreaksOff() throws LoginException, IOException {
    for (String nonsense : List.of("null", "[]", "{}", "[[\"OpaqueRef:x\"]]", "7", "\"x\"")) {
      String reply = "{\"jsonrpc\":\"2.0\",\"result\":" + nonsense + ",\"id\":7}";
      try (Proxy proxy = Proxy.saying(reply)) {
        Report report =
            measured(proxy.url(), "--class", "secret,blob", "--format", "json", "--patience", "1");

        assertThat(report.ending()).as(nonsense).isEqualTo(Ending.FAILED);
        assertThat(report.failures()).as(nonsense).anyMatch(f -> f.startsWith("case secrets: "));
      }
    }
  }

  private static Report measured(URI url, String... options) throws LoginException, IOException {
    List<String> words = new ArrayList<>(List.of(url.toString(), "--yes"));
    words.addAll(List.of(options));
    try (Suite suite = new Suite(Options.parse(words))) {
      return suite.run(ServerBox.PASSWORD);
    }
  }

  private static Proxy.Lie replace(String what, String by) {
    return (_, _, reply) -> Optional.of(reply.replace(what, by));
  }

  private static String typed(int number) {
    return "<name>Value</name><value><i4>" + number + "</i4></value>";
  }

  private static String success(Format format) {
    return switch (format) {
      case JSON_RPC -> "{\"jsonrpc\":\"2.0\",\"result\":\"\",\"id\":7}";
      case XML_RPC ->
          "<methodResponse><params><param><value><struct><member><name>Status</name>"
              + "<value>Success</value></member><member><name>Value</name><value></value>"
              + "</member></struct></value></param></params></methodResponse>";
    };
  }
}
