package io.keelson.testkit.conformance;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.number;
import static io.keelson.testkit.wire.Values.real;
import static io.keelson.testkit.wire.Values.text;
import static io.keelson.testkit.wire.Values.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Alerts are told as events, and found by what they are about. */
@RunsOn(hosts = 1)
@ParameterizedClass
@EnumSource(Format.class)
class AlertConformanceTest {
  private final Api api;
  private final Vms vms;

  AlertConformanceTest(Format format, ServerBox box) {
    this.api = box.login(format);
    this.vms = new Vms(api);
  }

  @AfterEach
  void tidy() {
    vms.close();
    api.close();
  }

  private JsonNode events(String token) {
    return api.call("event.from", texts("message"), text(token), real(10));
  }

  @Test
  void isToldWhenItIsRaisedAndWhenItIsDismissed() {
    String token = api.call("event.from", texts("pool"), text(""), real(0)).get("token").asString();
    String pool = api.read("pool.get_uuid", api.call("pool.get_all").get(0));
    JsonNode alert =
        api.call("message.create", text("NEWS"), number(5), text("Pool"), text(pool), text("<b>&"));
    JsonNode raised = events(token);
    assertThat(raised.get("events").size()).isEqualTo(1);
    JsonNode event = raised.get("events").get(0);
    assertThat(event.get("class").asString()).isEqualTo("message");
    assertThat(event.get("operation").asString()).isEqualTo("add");
    assertThat(event.get("ref")).isEqualTo(alert);
    assertThat(event.get("snapshot").get("body").asString()).isEqualTo("<b>&");
    assertThat(event.get("snapshot")).isEqualTo(api.call("message.get_record", alert));
    api.call("message.destroy", alert);
    JsonNode dismissed = events(raised.get("token").asString());
    assertThat(dismissed.get("events").get(0).get("operation").asString()).isEqualTo("del");
    assertThat(dismissed.get("events").get(0).has("snapshot")).isFalse();
  }

  @Test
  void theStartOfAVmIsTold() {
    JsonNode vm = api.call("VM.create", Vms.vmRecord("told", 32));
    String uuid = api.read("VM.get_uuid", vm);
    api.call("VM.start", vm, NO, NO);
    JsonNode found = api.call("message.get", text("VM"), text(uuid), text("19700101T00:00:00Z"));
    assertThat(found.size()).isEqualTo(1);
    JsonNode alert = found.iterator().next();
    assertThat(alert.get("name").asString()).isEqualTo("VM_STARTED");
    assertThat(
            api.call(
                    "message.get_all_records_where",
                    text("field \"obj_uuid\"=\"%s\"".formatted(uuid)))
                .size())
        .isEqualTo(1);
    api.call("VM.hard_shutdown", vm);
    api.call("VM.destroy", vm);
  }
}
