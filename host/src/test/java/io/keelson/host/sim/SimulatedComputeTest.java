package io.keelson.host.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keelson.host.Boot;
import io.keelson.host.Compute;
import io.keelson.host.DiskSource;
import io.keelson.host.DiskSpec;
import io.keelson.host.Domain;
import io.keelson.host.DomainListener.Change;
import io.keelson.host.DomainSpec;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.host.Storage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The simulator against a model of what a domain may do in each state. */
class SimulatedComputeTest {
  private static final UUID HOST = new UUID(0, 1);
  private static final Path IMAGE = Path.of("/image");

  enum Action {
    START,
    START_PAUSED,
    PAUSE,
    UNPAUSE,
    DESTROY,
    RESET,
    SUSPEND,
    RESUME,
    POWER_OFF,
    REBOOT,
    CRASH,
    DIE
  }

  enum State {
    GONE,
    RUNNING,
    PAUSED,
    HELD
  }

  /** What becomes of one machine; the reason is empty when the action is allowed. */
  record Outcome(State next, Optional<Reason> refusal) {
    static Outcome to(State next) {
      return new Outcome(next, Optional.empty());
    }

    static Outcome refused(State stays, Reason reason) {
      return new Outcome(stays, Optional.of(reason));
    }
  }

  private static Outcome model(State state, Action action, boolean suspended) {
    boolean gone = state == State.GONE;
    return switch (action) {
      case START, START_PAUSED ->
          gone
              ? Outcome.to(action == Action.START ? State.RUNNING : State.PAUSED)
              : Outcome.refused(state, Reason.ALREADY_EXISTS);
      case RESUME -> {
        if (!suspended) {
          yield Outcome.refused(state, Reason.NOT_FOUND);
        }
        yield gone ? Outcome.to(State.RUNNING) : Outcome.refused(state, Reason.ALREADY_EXISTS);
      }
      case PAUSE -> only(state, State.RUNNING, State.PAUSED);
      case UNPAUSE -> only(state, State.PAUSED, State.RUNNING);
      case DESTROY -> gone ? Outcome.refused(state, Reason.NOT_FOUND) : Outcome.to(State.GONE);
      case RESET -> gone ? Outcome.refused(state, Reason.NOT_FOUND) : Outcome.to(State.RUNNING);
      case SUSPEND -> {
        if (gone) {
          yield Outcome.refused(state, Reason.NOT_FOUND);
        }
        yield state == State.HELD
            ? Outcome.refused(state, Reason.WRONG_STATE)
            : Outcome.to(State.GONE);
      }
      case POWER_OFF -> Outcome.to(state == State.RUNNING ? State.GONE : state);
      case REBOOT, CRASH -> Outcome.to(state == State.RUNNING ? State.HELD : state);
      case DIE -> Outcome.to(State.GONE);
    };
  }

  private static Outcome only(State state, State wanted, State next) {
    if (state == State.GONE) {
      return Outcome.refused(state, Reason.NOT_FOUND);
    }
    return state == wanted ? Outcome.to(next) : Outcome.refused(state, Reason.WRONG_STATE);
  }

  @Property(tries = 300)
  void standsAsTheModelSays(
      @ForAll @Size(max = 60) List<Action> actions, @ForAll @IntRange(min = 1, max = 3) int vms) {
    Simulation simulation = Simulation.open(SimulationPlan.of(1));
    Map<Integer, State> states = new HashMap<>();
    Map<Integer, Boolean> suspended = new HashMap<>();
    List<Long> domids = new ArrayList<>();
    for (int n = 0; n < actions.size(); n++) {
      int vm = n % vms;
      Action action = actions.get(n);
      State before = states.getOrDefault(vm, State.GONE);
      Outcome expected = model(before, action, suspended.getOrDefault(vm, false));
      Optional<Reason> refusal = perform(simulation, action, vm);
      assertThat(refusal).as("%s when %s", action, before).isEqualTo(expected.refusal());
      states.put(vm, expected.next());
      if (action == Action.SUSPEND && refusal.isEmpty()) {
        suspended.put(vm, true);
      }
      check(simulation, vm, expected.next());
      simulation
          .drivers()
          .compute()
          .find(HOST, vm(vm))
          .map(Domain::domid)
          .filter(domid -> domids.isEmpty() || !domids.contains(domid))
          .ifPresent(domids::add);
    }
    assertThat(domids).doesNotHaveDuplicates();
    assertThat(simulation.drivers().compute().adopt(HOST))
        .hasSize((int) states.values().stream().filter(s -> s != State.GONE).count());
  }

  private static void check(Simulation simulation, int vm, State expected) {
    Optional<Domain.State> state =
        simulation.drivers().compute().find(HOST, vm(vm)).map(Domain::state);
    assertThat(state)
        .isEqualTo(
            switch (expected) {
              case GONE -> Optional.empty();
              case RUNNING -> Optional.of(Domain.State.RUNNING);
              case PAUSED, HELD -> Optional.of(Domain.State.PAUSED);
            });
  }

  private static Optional<Reason> perform(Simulation simulation, Action action, int number) {
    Compute compute = simulation.drivers().compute();
    UUID vm = vm(number);
    Path image = Path.of(IMAGE + "-" + number);
    try {
      switch (action) {
        case START -> compute.start(HOST, spec(vm), false);
        case START_PAUSED -> compute.start(HOST, spec(vm), true);
        case PAUSE -> compute.pause(HOST, vm);
        case UNPAUSE -> compute.unpause(HOST, vm);
        case DESTROY -> compute.destroy(HOST, vm);
        case RESET -> compute.reset(HOST, vm);
        case SUSPEND -> compute.suspend(HOST, vm, image, Progress.NONE);
        case RESUME -> compute.resume(HOST, spec(vm), image, false, Progress.NONE);
        case POWER_OFF -> simulation.powerOff(HOST, vm);
        case REBOOT -> simulation.reboot(HOST, vm);
        case CRASH -> simulation.crash(HOST, vm);
        case DIE -> simulation.die(HOST, vm);
      }
      return Optional.empty();
    } catch (DriverException e) {
      return Optional.of(e.reason());
    }
  }

  private static UUID vm(int number) {
    return new UUID(2, number);
  }

  private static DomainSpec spec(UUID vm) {
    return new DomainSpec(
        vm,
        "vm",
        256 << 20,
        128 << 20,
        1,
        4,
        new Boot.Firmware(List.of(Boot.Device.DISK)),
        List.of(),
        List.of(),
        Map.of());
  }

  @Test
  void aDiskIsAsLargeAsItsGuestSeesIt() {
    Simulation simulation = Simulation.open(SimulationPlan.of(1));
    Storage file = Objects.requireNonNull(simulation.drivers().storages().get("file"));
    UUID sr = new UUID(0, 2);
    UUID disk = new UUID(0, 3);
    UUID other = new UUID(0, 4);
    file.create(HOST, sr, Map.of(), 0);
    file.attach(HOST, sr, Map.of());
    file.createVolume(HOST, sr, disk, 1 << 20);
    file.createVolume(HOST, sr, other, 1 << 20);
    Compute compute = simulation.drivers().compute();
    compute.start(HOST, spec(vm(1)), false);
    Optional<DiskSource> source = Optional.of(file.open(HOST, sr, disk, false));
    compute.plugDisk(HOST, vm(1), new DiskSpec(0, DiskSpec.Kind.DISK, source, false, false, ""));
    compute.resizeDisk(HOST, vm(1), 0, 3 << 20);
    assertThat(file.describe(HOST, sr, disk).virtualSize()).isEqualTo(3 << 20);
    assertThat(file.describe(HOST, sr, other).virtualSize()).isEqualTo(1 << 20);
  }

  @Test
  void guestsDoWhatTheyAreAsked() throws Exception {
    Simulation simulation = Simulation.open(SimulationPlan.of(1));
    Compute compute = simulation.drivers().compute();
    LinkedBlockingQueue<Change> told = new LinkedBlockingQueue<>();
    compute.listen((host, vm, change) -> told.add(change));
    compute.start(HOST, spec(vm(1)), false);
    compute.requestReboot(HOST, vm(1));
    assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(Change.REBOOTED);
    compute.reset(HOST, vm(1));
    compute.requestShutdown(HOST, vm(1));
    assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(Change.POWERED_OFF);
    assertThat(compute.find(HOST, vm(1))).isEmpty();
  }

  @Test
  void hasAsManyHostsAsPlanned() {
    Simulation simulation = Simulation.open(SimulationPlan.of(2));
    assertThat(simulation.drivers().machine().facts(new UUID(0, 7)).hostname()).isEqualTo("sim-1");
    assertThat(simulation.drivers().machine().facts(new UUID(0, 8)).hostname()).isEqualTo("sim-2");
    assertThat(simulation.drivers().machine().facts(new UUID(0, 7)).hostname()).isEqualTo("sim-1");
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> simulation.drivers().machine().load(new UUID(0, 9)))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND));
  }

  @Test
  void memoryIsTakenAndGivenBack() {
    Simulation simulation = Simulation.open(SimulationPlan.of(1));
    long free = simulation.drivers().machine().load(HOST).memoryFreeBytes();
    simulation.drivers().compute().start(HOST, spec(vm(1)), false);
    assertThat(simulation.drivers().machine().load(HOST).memoryFreeBytes())
        .isLessThan(free - (128 << 20));
    simulation.drivers().compute().destroy(HOST, vm(1));
    assertThat(simulation.drivers().machine().load(HOST).memoryFreeBytes()).isEqualTo(free);
  }

  @Property(tries = 20)
  void theSameSeedHasTheSameLuck(@ForAll long seed) {
    assertThat(luck(seed)).isEqualTo(luck(seed));
  }

  @Test
  void someCallsFailAsPlanned() {
    assertThat(luck(1)).contains(true, false);
  }

  private static List<Boolean> luck(long seed) {
    SimulationPlan plan = new SimulationPlan(seed, 1, Duration.ZERO, Duration.ofNanos(1000), 0.3);
    Compute compute = Simulation.open(plan).drivers().compute();
    List<Boolean> worked = new ArrayList<>();
    for (int n = 0; n < 50; n++) {
      try {
        compute.start(HOST, spec(vm(n)), false);
        worked.add(true);
      } catch (DriverException e) {
        assertThat(e.reason()).isEqualTo(Reason.FAILED);
        worked.add(false);
      }
    }
    return worked;
  }
}
