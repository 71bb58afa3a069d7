package io.keelson.control.pool.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.messages.PoolHa;
import io.keelson.api.model.Host;
import io.keelson.api.model.OnCrashBehaviour;
import io.keelson.api.model.OnNormalExit;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.database.RedoLog;
import io.keelson.control.vm.VmLab;
import io.keelson.control.vm.power.OwnCall;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import io.keelson.store.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Simulated hosts that die, and guests that end though they should not. */
final class FailoverTest {
  private static final String BROKEN = "HA_OPERATION_WOULD_BREAK_FAILOVER_PLAN";
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private Simulation simulation;
  private VmLab lab;
  private RedoLog log;
  private HighAvailability ha;

  @BeforeEach
  void open() {
    simulation = Simulation.open(SimulationPlan.of(3));
    lab = VmLab.open(folder, simulation.drivers(), 3);
    log = new RedoLog(lab.resources(), folder.resolve("copies"));
    ha = new HighAvailability(lab.resources(), lab.power(), log);
    log.start();
    ha.start();
    on();
  }

  private void on() {
    ha.handler().enableHa(call(), Set.of(lab.sr()), Map.of("timeout", "5"));
  }

  private static OwnCall call() {
    return new OwnCall(PoolHa.Specs.ENABLE_HA, Ref.fresh());
  }

  @AfterEach
  void close() {
    ha.close();
    log.close();
    lab.close();
  }

  private Pool pool() {
    return lab.state().rows(ApiModel.POOL).map(Row::record).findFirst().orElseThrow();
  }

  private Ref<Vm> running(String name, String priority, long order, Ref<Host> host) {
    Ref<Vm> vm =
        lab.make(b ->
            b.nameLabel(name)
                .haRestartPriority(priority)
                .order(order)
                .actionsAfterCrash(OnCrashBehaviour.DESTROY)
                .actionsAfterShutdown(OnNormalExit.DESTROY));
    lab.call("start_on", vm, host, false, false);
    return vm;
  }

  private List<String> told(String alert) {
    return lab.state()
        .rows(ApiModel.MESSAGE)
        .filter(row -> row.record().name().equals(alert))
        .sorted(Comparator.comparingLong(Row::created))
        .map(row -> row.record().body().split("'")[1])
        .toList();
  }

  private void awaitRunning(Ref<Vm> vm) {
    await().atMost(SOON).until(() -> lab.power(vm) == VmPowerState.RUNNING);
  }

  @Test
  void theVmsOfADeadHostRunElsewhereInTheirOrder() {
    Ref<Host> dead = lab.host();
    assertThat(pool().master()).isEqualTo(dead);
    Ref<Vm> second = running("second", "restart", 2, dead);
    Ref<Vm> first = running("first", "restart", 1, dead);
    Ref<Vm> last = running("last", "best-effort", 0, dead);
    Ref<Vm> unprotected = running("unprotected", "", 0, dead);
    Ref<Vm> beside = running("beside", "restart", 0, lab.hosts().getLast());
    int before = told("VM_STARTED").size();
    simulation.fail(lab.hostId(dead));
    await().atMost(SOON).until(() -> !told("HA_HOST_FAILED").isEmpty());
    List.of(first, second, last).forEach(this::awaitRunning);
    assertThat(lab.power(unprotected)).isEqualTo(VmPowerState.HALTED);
    assertThat(lab.vm(first).residentOn()).isNotEqualTo(dead);
    assertThat(lab.vm(beside).residentOn()).isEqualTo(lab.hosts().getLast());
    assertThat(told("VM_STARTED").subList(before, before + 3))
        .containsExactly("first", "second", "last");
    assertThat(told("HA_HOST_FAILED"))
        .containsExactly(lab.state().get(ApiModel.HOST, dead).nameLabel());
    assertThat(pool().master()).isNotEqualTo(dead);
  }

  @Test
  void aGuestThatEndsByItselfIsStartedAgainAndOneThatIsShutDownIsNot() {
    Ref<Vm> vm = running("vm", "restart", 0, lab.host());
    Ref<Vm> asked = running("asked", "restart", 0, lab.host());
    simulation.powerOff(lab.hostId(lab.host()), lab.id(vm));
    await().atMost(SOON).until(() -> told("VM_STARTED").stream().filter("vm"::equals).count() == 2);
    awaitRunning(vm);
    lab.call("hard_shutdown", asked);
    Ref<Host> now = lab.vm(vm).residentOn();
    simulation.die(lab.hostId(now), lab.id(vm));
    await().atMost(SOON).until(() -> told("VM_STARTED").stream().filter("vm"::equals).count() == 3);
    assertThat(lab.power(asked)).isEqualTo(VmPowerState.HALTED);
    assertThat(lab.vm(asked).haAlwaysRun()).isFalse();
  }

  /** As another process does that has the same records. */
  @Test
  void nothingIsStartedWhileAnotherServerHoldsTheLeases() {
    await().atMost(SOON).until(() -> ha.heartbeat().isArmed());
    HighAvailability other = new HighAvailability(lab.resources(), lab.power(), log);
    Heartbeat second = other.heartbeat();
    long until = System.nanoTime() + Duration.ofSeconds(12).toNanos();
    await()
        .pollInterval(Duration.ofMillis(300))
        .atMost(SOON)
        .until(() -> {
          second.beat(pool());
          assertThat(second.isArmed()).isFalse();
          return System.nanoTime() > until;
        });
    ha.close();
    await()
        .pollInterval(Duration.ofMillis(300))
        .atMost(SOON)
        .until(() -> {
          second.beat(pool());
          return second.isArmed();
        });
    second.end();
  }

  @Test
  void whatWouldBreakThePlanIsRefused() {
    tolerate(2);
    long big = VmLab.HOST_MEMORY / 10 * 6;
    Ref<Vm> one = big("one", big, "restart");
    lab.call("start_on", one, lab.host(), false, false);
    await().atMost(SOON).until(() -> pool().haPlanExistsFor() == 2);
    Ref<Vm> other = big("other", big, "");
    assertThatThrownBy(() -> lab.call("start_on", other, lab.hosts().get(1), false, false))
        .hasMessageContaining("HA_OPERATION_WOULD_BREAK_FAILOVER_PLAN");
    assertThat(lab.vm(other).currentOperations()).isEmpty();
    lab.store()
        .change(tx ->
            tx.update(
                ApiModel.POOL,
                tx.rows(ApiModel.POOL).findFirst().orElseThrow().ref(),
                p -> p.with(b -> b.haAllowOvercommit(true))));
    lab.call("start_on", other, lab.hosts().get(1), false, false);
    await().atMost(SOON).until(() -> pool().haOvercommitted() && pool().haPlanExistsFor() == 1);
    long alerts =
        lab.state()
            .rows(ApiModel.MESSAGE)
            .filter(row -> row.record().name().startsWith("HA_POOL_"))
            .count();
    assertThat(alerts).isEqualTo(2);
    ha.handler().disableHa(new OwnCall(PoolHa.Specs.DISABLE_HA, Ref.fresh()));
    assertThat(pool().haOvercommitted()).isFalse();
  }

  @Test
  void movesAndMemoryThatWouldBreakThePlanAreRefused() {
    tolerate(2);
    Ref<Host> first = lab.host();
    Ref<Host> second = lab.hosts().get(1);
    Ref<Vm> one = big("one", VmLab.HOST_MEMORY / 10 * 6, "restart");
    lab.call("start_on", one, first, false, false);
    Ref<Vm> moves = big("moves", VmLab.HOST_MEMORY / 4, "");
    lab.call("start_on", moves, first, false, false);
    await().atMost(SOON).until(() -> pool().haPlanExistsFor() == 2);
    long little = VmLab.HOST_MEMORY / 5;
    long much = VmLab.HOST_MEMORY / 100 * 45;
    Ref<Vm> grows =
        lab.make(b ->
            b.memoryStaticMin(little)
                .memoryDynamicMin(little)
                .memoryDynamicMax(little)
                .memoryStaticMax(much));
    lab.call("start_on", grows, second, false, false);
    assertThat(lab.error("pool_migrate", moves, second, Map.of())).containsExactly(BROKEN);
    assertThat(lab.error("set_memory_dynamic_range", grows, much, much)).containsExactly(BROKEN);
    assertThat(lab.vm(grows).memoryDynamicMax()).isEqualTo(little);
    assertThat(lab.vm(moves).residentOn()).isEqualTo(first);
    assertThat(lab.error("set_shadow_multiplier_live", grows, 100.0)).containsExactly(BROKEN);
    lab.call("hard_shutdown", grows);
    lab.call("pool_migrate", moves, second, Map.of());
    assertThat(lab.vm(moves).residentOn()).isEqualTo(second);
  }

  @Test
  void aVmWaitsForTheDelayOfTheOneBeforeItInItsOrderAndKeepsNoOtherWaiting() {
    Ref<Host> dead = lab.host();
    Ref<Host> beside = lab.hosts().getLast();
    Ref<Vm> later = running("later", "restart", 3, beside);
    Ref<Vm> first = running("first", "restart", 1, dead);
    Ref<Vm> second = running("second", "restart", 2, dead);
    lab.set(first, b -> b.startDelay(3600L));
    simulation.fail(lab.hostId(dead));
    awaitRunning(first);
    int before = told("VM_STARTED").size();
    simulation.powerOff(lab.hostId(beside), lab.id(later));
    await().atMost(SOON).until(() -> told("VM_STARTED").size() > before);
    awaitRunning(later);
    await()
        .during(Duration.ofSeconds(2))
        .atMost(SOON)
        .until(() -> lab.power(second) == VmPowerState.HALTED);
    assertThat(lab.vm(second).haAlwaysRun()).isTrue();
  }

  private void tolerate(long failures) {
    lab.store()
        .change(tx ->
            tx.update(
                ApiModel.POOL,
                tx.rows(ApiModel.POOL).findFirst().orElseThrow().ref(),
                p -> p.with(b -> b.haHostFailuresToTolerate(failures))));
  }

  private Ref<Vm> big(String name, long memory, String priority) {
    return lab.make(b ->
        b.nameLabel(name)
            .haRestartPriority(priority)
            .memoryStaticMin(memory)
            .memoryDynamicMin(memory)
            .memoryDynamicMax(memory)
            .memoryStaticMax(memory));
  }
}
