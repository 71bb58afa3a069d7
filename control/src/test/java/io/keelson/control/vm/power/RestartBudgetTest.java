package io.keelson.control.vm.power;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** VMs that restart again and again. */
final class RestartBudgetTest {
  private final RestartBudget budget = new RestartBudget();
  private final UUID vm = UUID.randomUUID();

  @Test
  void aFewRestartsComeAtOnceTheNextAfterGrowingPauses() {
    for (int i = 0; i < 3; i++) {
      assertThat(budget.next(vm, Instant.EPOCH, false)).contains(Duration.ZERO);
    }
    assertThat(budget.next(vm, Instant.EPOCH, false)).contains(Duration.ofSeconds(1));
    assertThat(budget.next(vm, Instant.EPOCH, false)).contains(Duration.ofSeconds(2));
    for (int i = 0; i < 20; i++) {
      assertThat(budget.next(vm, Instant.EPOCH, false).orElseThrow())
          .isLessThanOrEqualTo(Duration.ofMinutes(1));
    }
  }

  @Test
  void whatKeepsCrashingIsGivenUp() {
    for (int i = 0; i < 6; i++) {
      assertThat(budget.next(vm, Instant.EPOCH, true)).isPresent();
    }
    assertThat(budget.next(vm, Instant.EPOCH, true)).isEmpty();
    assertThat(budget.next(UUID.randomUUID(), Instant.EPOCH, true)).isPresent();
  }

  @Test
  void whatIsLongAgoDoesNotCount() {
    for (int i = 0; i < 50; i++) {
      Instant now = Instant.EPOCH.plus(Duration.ofMinutes(6L * i));
      assertThat(budget.next(vm, now, true)).contains(Duration.ZERO);
    }
  }
}
