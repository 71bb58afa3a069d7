package io.keelson.control.alert.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Bond;
import io.keelson.api.model.Cls;
import io.keelson.api.model.Message;
import io.keelson.api.model.Pif;
import io.keelson.api.model.PifMetrics;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vm;
import io.keelson.control.TestControl;
import io.keelson.control.alert.Alerts;
import io.keelson.control.metrics.Owner;
import io.keelson.control.metrics.rrd.DataSource;
import io.keelson.control.metrics.rrd.Reading;
import io.keelson.store.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alarms, with a clock that the test sets. */
class AlarmsTest {
  private static final String HALF =
      """
      <config><variable><name value="cpu_usage"/><alarm_trigger_level value="0.5"/>
      <alarm_trigger_period value="60"/><alarm_auto_inhibit_period value="300"/></variable></config>
      """;

  @TempDir private Path folder;
  private TestControl control;
  private Alarms alarms;
  private final Map<Owner, Collection<Reading>> measured = new HashMap<>();

  @BeforeEach
  void open() {
    control = new TestControl(folder);
    alarms = new Alarms(control.store, new Alerts(control.clock));
  }

  @AfterEach
  void close() {
    control.close();
  }

  private Owner machine(String perfmon) {
    Ref<Vm> vm = control.vm("vm");
    control.store.change(tx ->
        tx.update(ApiModel.VM, vm, v -> v.with(b -> b.otherConfig(Map.of("perfmon", perfmon)))));
    return new Owner(
        Owner.Kind.VM, UUID.fromString(control.store.snapshot().get(ApiModel.VM, vm).uuid()));
  }

  private Owner repository(String perfmon) {
    String uuid = UUID.randomUUID().toString();
    control.store.change(tx -> {
      Ref<Sr> _ =
          tx.create(
              ApiModel.SR, Sr.builder().uuid(uuid).otherConfig(Map.of("perfmon", perfmon)).build());
    });
    return new Owner(Owner.Kind.SR, UUID.fromString(uuid));
  }

  private static Reading reading(String name, double value) {
    return new Reading(
        new DataSource(name, "", "", DataSource.Kind.GAUGE, 0, Double.MAX_VALUE, true),
        value,
        value);
  }

  /** Measures the same all the time, every five seconds. */
  private void measure(Duration time) {
    for (long s = 0; s <= time.toSeconds(); s += 5) {
      alarms.check(measured);
      control.clock.forward(Duration.ofSeconds(5));
    }
  }

  private List<Message> raised() {
    return control.store.snapshot().rows(ApiModel.MESSAGE).map(Row::record).toList();
  }

  @Test
  void isRaisedAfterItsPeriodAndThenKeepsQuiet() {
    Owner vm = machine(HALF);
    measured.put(vm, List.of(reading("cpu0", 1), reading("cpu1", 0.5), reading("memory", 9)));
    measure(Duration.ofSeconds(55));
    assertThat(raised()).isEmpty();
    measure(Duration.ofSeconds(5));
    assertThat(raised()).hasSize(1);
    Message alarm = raised().getFirst();
    assertThat(alarm.name()).isEqualTo("ALARM");
    assertThat(alarm.priority()).isEqualTo(3);
    assertThat(alarm.cls()).isEqualTo(Cls.VM);
    assertThat(alarm.objUuid()).isEqualTo(vm.uuid().toString());
    assertThat(alarm.body())
        .startsWith("value: 0.750000\nconfig:\n<variable>")
        .contains("<name value=\"cpu_usage\"/>", "<alarm_trigger_level value=\"0.5\"/>");
    measure(Duration.ofSeconds(280));
    assertThat(raised()).hasSize(1);
    measure(Duration.ofSeconds(30));
    assertThat(raised()).hasSize(2);
  }

  @Test
  void aGoodValueBeginsThePeriodAnew() {
    Owner vm = machine(HALF);
    measured.put(vm, List.of(reading("cpu0", 1)));
    measure(Duration.ofSeconds(50));
    measured.put(vm, List.of(reading("cpu0", 0.1)));
    measure(Duration.ofSeconds(5));
    measured.put(vm, List.of(reading("cpu0", 1)));
    measure(Duration.ofSeconds(50));
    assertThat(raised()).isEmpty();
  }

  @Test
  void aRepositoryThatIsNearlyFull() {
    Owner sr =
        repository(
            "<config><variable><name value='physical_utilisation'/>"
                + "<alarm_trigger_level value='0.8'/><alarm_priority value='1'/></variable></config>");
    measured.put(sr, List.of(reading("physical_utilisation", 90), reading("size", 100)));
    measure(Duration.ofSeconds(60));
    assertThat(raised()).hasSize(1);
    assertThat(raised().getFirst().priority()).isEqualTo(1);
    assertThat(raised().getFirst().body()).startsWith("value: 0.900000\n");
  }

  @Test
  void aHostsUseOfARepository() {
    Owner sr =
        repository(
            "<config><variable><name value='sr_io_throughput_total_per_host'/>"
                + "<alarm_trigger_level value='1'/></variable></config>");
    String host = control.store.snapshot().get(ApiModel.HOST, control.host).uuid();
    String name = "io_throughput_total_" + sr.uuid().toString().substring(0, 8);
    measured.put(new Owner(Owner.Kind.HOST, UUID.fromString(host)), List.of(reading(name, 2)));
    measure(Duration.ofSeconds(60));
    assertThat(raised()).hasSize(1);
    assertThat(raised().getFirst().cls()).isEqualTo(Cls.HOST);
    assertThat(raised().getFirst().body()).contains("sr_" + name);
  }

  @Test
  void limitsFromBelowAndExpressions() {
    Owner vm =
        machine(
            "<config><variable><name value='x'/><rrd_regex value='a|b'/>"
                + "<alarm_trigger_sense value='low'/><alarm_trigger_period value='0'/>"
                + "<alarm_trigger_level value='4'/></variable></config>");
    measured.put(vm, List.of(reading("a", 2), reading("b", 3), reading("ab", 0)));
    measure(Duration.ZERO);
    assertThat(raised()).isEmpty();
    measured.put(vm, List.of(reading("a", 2), reading("b", 1)));
    measure(Duration.ZERO);
    assertThat(raised()).hasSize(1);
  }

  @Test
  void whatIsNotUnderstoodRaisesNothing() {
    for (String text :
        List.of(
            "nonsense",
            "<config><variable><name value='cpu_usage'/></variable></config>",
            "<config><variable><name value='x'/><alarm_trigger_level value='0'/>"
                + "<alarm_trigger_period value='0'/><rrd_regex value='('/></variable></config>",
            "<config><variable><name value='x'/><alarm_trigger_level value='0'/>"
                + "<alarm_trigger_period value='0'/>"
                + "<rrd_regex value='(a+)+b'/></variable></config>",
            "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><config>&e;</config>")) {
      measured.put(machine(text), List.of(reading("cpu0", 1), reading("a".repeat(60), 1)));
    }
    measure(Duration.ofSeconds(60));
    assertThat(raised()).isEmpty();
  }

  @Test
  void linksOfABond() {
    Ref<PifMetrics> second = bond();
    control.store.overlay(o ->
        o.rows(ApiModel.PIF_METRICS)
            .toList()
            .forEach(
                row -> o.set(ApiModel.PIF_METRICS, row.ref(), m -> m.with(b -> b.carrier(true)))));
    measure(Duration.ZERO);
    assertThat(raised()).isEmpty();
    control.store.overlay(
        o -> o.set(ApiModel.PIF_METRICS, second, m -> m.with(b -> b.carrier(false))));
    measure(Duration.ZERO);
    measure(Duration.ZERO);
    assertThat(raised()).hasSize(1);
    assertThat(raised().getFirst().name()).isEqualTo("BOND_STATUS_CHANGED");
    assertThat(raised().getFirst().body())
        .isEqualTo("The status of the eth0+eth1 bond changed: 1/2 up (was 2/2)");
  }

  private Ref<PifMetrics> bond() {
    return control.store.transact(tx -> {
      Ref<Pif> master =
          tx.create(
              ApiModel.PIF, Pif.builder().uuid("m").device("bond0").host(control.host).build());
      Ref<Bond> bond = tx.create(ApiModel.BOND, Bond.builder().uuid("b").master(master).build());
      Ref<PifMetrics> last = Ref.none();
      for (String device : List.of("eth0", "eth1")) {
        Ref<PifMetrics> metrics =
            tx.create(ApiModel.PIF_METRICS, PifMetrics.builder().uuid("x" + device).build());
        last = metrics;
        Ref<Pif> _ =
            tx.create(
                ApiModel.PIF,
                Pif.builder()
                    .uuid(device)
                    .device(device)
                    .host(control.host)
                    .metrics(metrics)
                    .bondSlaveOf(bond)
                    .build());
      }
      return last;
    });
  }
}
