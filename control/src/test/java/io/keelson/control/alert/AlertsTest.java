package io.keelson.control.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.Value;
import io.keelson.api.model.Cls;
import io.keelson.api.model.Message;
import io.keelson.api.model.Vm;
import io.keelson.control.TestControl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The messages of class message. */
class AlertsTest {
  @TempDir private Path folder;
  private TestControl control;
  private String session;
  private String uuid;

  @BeforeEach
  void open() {
    control = new TestControl(folder);
    session = control.session();
    Ref<Vm> vm = control.vm("noisy");
    uuid = control.store.snapshot().get(ApiModel.VM, vm).uuid();
  }

  @AfterEach
  void close() {
    control.close();
  }

  private String create(String name, String body) {
    return TestControl.answer(
            control.callWith(
                "message.create",
                List.of(
                    new Value.Text(session),
                    new Value.Text(name),
                    new Value.Whole(3),
                    new Value.Text("VM"),
                    new Value.Text(uuid),
                    new Value.Text(body))))
        .toString();
  }

  private Map<?, ?> map(String method, String... arguments) {
    return (Map<?, ?>) control.answer(method, arguments);
  }

  @Test
  void isRaisedReadAndDismissed() {
    String ref = create("TEST", "hello");
    Map<?, ?> record = map("message.get_record", session, ref);
    assertThat(record.get("name")).isEqualTo("TEST");
    assertThat(record.get("cls")).isEqualTo("VM");
    assertThat(record.get("obj_uuid")).isEqualTo(uuid);
    assertThat(record.get("timestamp")).isEqualTo("20260131T12:00:00Z");
    assertThat(control.answer("message.get_by_uuid", session, String.valueOf(record.get("uuid"))))
        .isEqualTo(ref);
    assertThat(map("message.get_all_records", session).get(ref)).isEqualTo(record);
    control.answer("message.destroy", session, ref);
    assertThat(TestControl.error(control.call("message.destroy", session, ref)))
        .containsExactly("HANDLE_INVALID", "message", ref);
    assertThat(TestControl.error(control.call("message.get_record", session, ref)))
        .containsExactly("HANDLE_INVALID", "message", ref);
    assertThat(control.answer("message.get_all", session)).isEqualTo(List.of());
  }

  @Test
  void isAboutSomethingThatIsThere() {
    assertThat(
            TestControl.error(
                control.callWith(
                    "message.create",
                    List.of(
                        new Value.Text(session),
                        new Value.Text("TEST"),
                        new Value.Whole(1),
                        new Value.Text("SR"),
                        new Value.Text(uuid),
                        new Value.Text("")))))
        .containsExactly("UUID_INVALID", "SR", uuid);
    assertThat(control.answer("message.get_all", session)).isEqualTo(List.of());
  }

  @Test
  void isFoundByTimeObjectAndExpression() {
    String early = create("EARLY", "");
    control.clock.forward(Duration.ofMinutes(1));
    String late = create("LATE", "");
    assertThat(map("message.get_since", session, "20260131T12:00:01Z").keySet())
        .isEqualTo(Set.of(late));
    assertThat(map("message.get_since", session, "20260131T12:00:00Z")).hasSize(2);
    assertThat(map("message.get", session, "VM", uuid, "20260131T12:00:30Z").keySet())
        .isEqualTo(Set.of(late));
    assertThat(
            TestControl.error(
                control.call("message.get", session, "VM", "x", "20260131T12:00:30Z")))
        .containsExactly("UUID_INVALID", "VM", "x");
    assertThat(
            map(
                    "message.get_all_records_where",
                    session,
                    "field \"name\"=\"EARLY\" and field \"cls\"=\"VM\" and field \"priority\"=\"3\"")
                .keySet())
        .isEqualTo(Set.of(early));
    assertThat(
            TestControl.error(
                control.call("message.get_all_records_where", session, "field \"nonsense\"=\"x\"")))
        .startsWith("INVALID_VALUE");
  }

  @Test
  void outlivesWhatItIsAboutAndTheServer() {
    String ref = create("TEST", "body");
    control.store.change(tx -> {
      Ref<Vm> vm = tx.table(ApiModel.VM).byUuid(uuid).orElseThrow();
      tx.delete(ApiModel.VM, vm);
    });
    control.close();
    control = new TestControl(folder);
    session = control.session();
    assertThat(map("message.get", session, "VM", uuid, "19700101T00:00:00Z").keySet())
        .isEqualTo(Set.of(ref));
  }

  @Test
  void theOldestGoWhenThereAreTooMany() {
    Alerts alerts = new Alerts(control.clock);
    List<Ref<Message>> made = new ArrayList<>();
    int each = 1000;
    for (int i = 0; i < Alerts.MOST + Alerts.SLACK; i += each) {
      control.store.change(tx -> {
        for (int n = 0; n < each; n++) {
          made.add(alerts.raise(tx, "N", 5, Cls.VM, uuid, ""));
        }
      });
    }
    assertThat(control.store.snapshot().table(ApiModel.MESSAGE).size())
        .isBetween(Alerts.MOST, Alerts.MOST + Alerts.SLACK);
    AlertMessages.trim(control.store);
    assertThat(control.store.snapshot().table(ApiModel.MESSAGE).size()).isEqualTo(Alerts.MOST);
    assertThat(control.store.snapshot().find(ApiModel.MESSAGE, made.getLast())).isPresent();
  }
}
