package io.keelson.testkit.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.conformance.Options;
import io.keelson.conformance.Suite;
import io.keelson.conformance.report.Report;
import io.keelson.conformance.report.Subject.Kind;
import io.keelson.conformance.report.Verdict;
import io.keelson.conformance.rpc.LoginException;
import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * What of the suite one host of real virtual machines can be asked: the whole contract, and errors
 * that depend on how machines are. The guests are so small that nothing boots in them.
 */
@RunsOn(hosts = 0, shared = false)
@EnabledIf(value = "io.keelson.testkit.machines.Guests#possible", disabledReason = "no QEMU here")
class ConformanceOnQemuTest {
  private static final String CASES =
      "contract: |a guest that does not react|a kernel that is not there|tunnels need Open vSwitch"
          + "|hardware that no host offers|power states that do not|needed to recover|too small for";

  /** The machine's own network card is not the server's unless it was given one. */
  private static final Verdict NO_CARD =
      new Verdict.Unmeasured("it needs a physical interface that is managed");

  private static final Verdict OPEN_VSWITCH =
      new Verdict.Unmeasured("it needs a host without Open vSwitch");

  private final ServerBox box;

  ConformanceOnQemuTest(ServerBox box) {
    this.box = box;
  }

  @Test
  void realMachinesKeepTheContract() throws LoginException, IOException {
    Options options =
        Options.parse(List.of(box.api().toString(), "--format", "json", "--only", CASES));
    try (Suite suite = new Suite(options)) {
      Report report = suite.run(ServerBox.PASSWORD);

      assertThat(report.failures()).isEmpty();
      report
          .verdicts()
          .forEach((subject, verdict) -> {
            if (subject.kind() == Kind.CASE) {
              assertThat(verdict)
                  .as(subject.name())
                  .isIn(new Verdict.Passed(), NO_CARD, OPEN_VSWITCH);
            }
          });
      assertThat(report.passed(Kind.CASE)).as(report.summary()).isGreaterThanOrEqualTo(58);
    }
  }
}
