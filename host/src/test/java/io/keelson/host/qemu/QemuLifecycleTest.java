package io.keelson.host.qemu;

import static io.keelson.host.qemu.Guests.HOST;
import static io.keelson.host.qemu.Guests.assertRaises;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.host.Domain;
import io.keelson.host.Domain.State;
import io.keelson.host.DomainListener.Change;
import io.keelson.host.DomainSpec;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Trigger;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real guests of 512 bytes through the life of a domain. */
class QemuLifecycleTest {
  private static final int CROWD = 8;

  @TempDir Path data;
  private Guests guests;

  @BeforeEach
  void open() {
    guests = new Guests(data);
  }

  @AfterEach
  void close() {
    guests.close();
  }

  @Test
  void startsPausesAndUnpauses() {
    DomainSpec spec = guests.guest();
    Domain domain = guests.compute().start(HOST, spec, true);
    assertThat(domain.state()).isEqualTo(State.PAUSED);
    assertThat(domain.domid()).isPositive();
    assertRaises(Reason.ALREADY_EXISTS, () -> guests.compute().start(HOST, spec, false));
    assertRaises(Reason.WRONG_STATE, () -> guests.compute().pause(HOST, spec.vm()));
    assertRaises(Reason.WRONG_STATE, () -> guests.compute().requestShutdown(HOST, spec.vm()));

    guests.compute().unpause(HOST, spec.vm());
    Guests.awaitReady(domain);
    assertThat(guests.state(spec.vm())).isEqualTo(State.RUNNING);
    assertThat(Guests.say(domain, 'x')).isEqualTo('x');

    guests.compute().pause(HOST, spec.vm());
    assertThat(guests.state(spec.vm())).isEqualTo(State.PAUSED);
    guests.assertNothingTold();
  }

  @Test
  void powersOffWhenAsked() throws Exception {
    DomainSpec spec = guests.guest();
    guests.running(spec);
    guests.compute().requestShutdown(HOST, spec.vm());
    guests.awaitTold(spec.vm(), Change.POWERED_OFF);
    assertThat(guests.compute().find(HOST, spec.vm())).isEmpty();
    assertThat(guests.folder(spec.vm())).doesNotExist();
    assertRaises(Reason.NOT_FOUND, () -> guests.compute().destroy(HOST, spec.vm()));
  }

  @Test
  void holdsAGuestThatRebootsUntilItIsReset() throws Exception {
    DomainSpec spec = guests.guest();
    Domain first = guests.running(spec);
    Guests.tell(first, 'r');
    guests.awaitTold(spec.vm(), Change.REBOOTED);
    assertThat(guests.state(spec.vm())).isEqualTo(State.PAUSED);
    assertRaises(Reason.WRONG_STATE, () -> guests.compute().unpause(HOST, spec.vm()));

    Domain second = guests.compute().reset(HOST, spec.vm());
    assertThat(second.domid()).isGreaterThan(first.domid());
    assertThat(second.state()).isEqualTo(State.RUNNING);
    Guests.awaitReady(second);
    assertThat(Guests.say(second, 'c')).isEqualTo('A');
    guests.assertNothingTold();
  }

  @Test
  void takesThePowerOffForARebootWhenARebootWasAsked() throws Exception {
    DomainSpec spec = guests.guest();
    guests.running(spec);
    guests.compute().requestReboot(HOST, spec.vm());
    guests.awaitTold(spec.vm(), Change.REBOOTED);
    Domain again = guests.compute().reset(HOST, spec.vm());
    Guests.awaitReady(again);

    guests.compute().requestShutdown(HOST, spec.vm());
    guests.awaitTold(spec.vm(), Change.POWERED_OFF);
  }

  @Test
  void holdsAGuestThatCrashed() throws Exception {
    DomainSpec spec = guests.guest();
    Domain domain = guests.running(spec);
    Guests.tell(domain, 'p');
    guests.awaitTold(spec.vm(), Change.CRASHED);
    assertThat(guests.state(spec.vm())).isEqualTo(State.PAUSED);
    assertRaises(Reason.WRONG_STATE, () -> guests.compute().unpause(HOST, spec.vm()));
    guests.compute().destroy(HOST, spec.vm());
    assertThat(guests.compute().find(HOST, spec.vm())).isEmpty();
    guests.assertNothingTold();
  }

  @Test
  void resetsARunningGuest() {
    DomainSpec spec = guests.guest();
    Domain domain = guests.running(spec);
    assertThat(Guests.say(domain, 'c')).isEqualTo('A');
    assertThat(Guests.say(domain, 'c')).isEqualTo('B');
    Domain again = guests.compute().reset(HOST, spec.vm());
    Guests.awaitReady(again);
    assertThat(Guests.say(again, 'c')).isEqualTo('A');
    guests.assertNothingTold();
  }

  @Test
  void buttonsArePressed() throws Exception {
    DomainSpec spec = guests.guest();
    Domain domain = guests.running(spec);
    guests.compute().trigger(HOST, spec.vm(), Trigger.NMI);
    guests.compute().trigger(HOST, spec.vm(), Trigger.SLEEP);
    guests.compute().pressSysrq(HOST, spec.vm(), 'h');
    assertRaises(Reason.INVALID, () -> guests.compute().pressSysrq(HOST, spec.vm(), '-'));
    assertThat(Guests.say(domain, 'x')).isEqualTo('x');
    guests.assertNothingTold();

    guests.compute().trigger(HOST, spec.vm(), Trigger.RESET);
    guests.awaitTold(spec.vm(), Change.REBOOTED);
    assertRaises(Reason.WRONG_STATE, () -> guests.compute().trigger(HOST, spec.vm(), Trigger.NMI));
    Guests.awaitReady(guests.compute().reset(HOST, spec.vm()));
    guests.compute().trigger(HOST, spec.vm(), Trigger.POWER);
    guests.awaitTold(spec.vm(), Change.POWERED_OFF);
  }

  @Test
  void destroysAndBuildsAgainAtOnce() {
    DomainSpec spec = guests.guest();
    for (int round = 0; round < 3; round++) {
      guests.compute().start(HOST, spec, false);
      guests.compute().destroy(HOST, spec.vm());
    }
    assertThat(guests.folder(spec.vm())).doesNotExist();
    guests.assertNothingTold();
  }

  @Test
  void tellsWhatADomainUses() {
    DomainSpec spec = guests.guest();
    guests.running(spec);
    var usage = guests.compute().usage(HOST, spec.vm());
    assertThat(usage.memoryActualBytes()).isEqualTo(16 * Guests.MIB);
    assertThat(usage.processorSeconds()).hasSize(1).allSatisfy(s -> assertThat(s).isPositive());

    guests.compute().setMemoryTarget(HOST, spec.vm(), 8 * Guests.MIB);
    assertRaises(
        Reason.INVALID, () -> guests.compute().setMemoryTarget(HOST, spec.vm(), 32 * Guests.MIB));
    guests.compute().setProcessors(HOST, spec.vm(), 2);
    assertThat(guests.compute().usage(HOST, spec.vm()).processorSeconds()).hasSize(2);
    assertRaises(Reason.UNSUPPORTED, () -> guests.compute().setProcessors(HOST, spec.vm(), 1));
    assertRaises(Reason.INVALID, () -> guests.compute().setProcessors(HOST, spec.vm(), 3));
  }

  @Test
  void runsManyDomainsAtOnce() throws Exception {
    List<DomainSpec> specs = Stream.generate(guests::guest).limit(CROWD).toList();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Long>> starts =
          specs.stream().map(spec -> (Callable<Long>) () -> guests.running(spec).domid()).toList();
      List<Long> domids = new java.util.ArrayList<>();
      for (var start : callers.invokeAll(starts)) {
        domids.add(start.get());
      }
      assertThat(domids).doesNotHaveDuplicates().hasSize(CROWD);
      specs.forEach(spec -> guests.compute().requestShutdown(HOST, spec.vm()));
      Guests.until(
          () -> specs.stream().allMatch(s -> guests.compute().find(HOST, s.vm()).isEmpty()));
    }
  }

  @Test
  void refusesWhatIsNotThere() {
    UUID nobody = UUID.randomUUID();
    assertRaises(Reason.NOT_FOUND, () -> guests.compute().pause(HOST, nobody));
    assertRaises(Reason.NOT_FOUND, () -> guests.compute().reset(HOST, nobody));
    assertThat(guests.compute().find(HOST, nobody)).isEmpty();
  }

  @Test
  void knowsItsHypervisor() {
    var facts = guests.compute().hypervisor(HOST);
    assertThat(facts.name()).isEqualTo("qemu");
    assertThat(facts.version()).matches("[0-9]+\\..*");
  }
}
