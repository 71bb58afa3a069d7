package io.keelson.conformance.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.conformance.report.Report.Ending;
import io.keelson.conformance.report.Subject.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Figures, endings, and what outweighs what. */
class ReportTest {
  private final Subject start = Subject.of(Kind.METHOD, "VM.start");
  private final Subject state = Subject.of(Kind.ERROR, "VM.start VM_BAD_POWER_STATE");
  private final Tally tally = new Tally();

  @Test
  void whatNobodySawIsNotPassed() {
    tally.expect(start);
    tally.expect(state);
    tally.passed(start);
    assertThat(report().summary()).isEqualTo("methods 1/1 fields 0/0 errors 0/1 roles 0/0");
    assertThat(report().ending()).isEqualTo(Ending.PARTIAL);
    tally.passed(state);
    assertThat(report().ending()).isEqualTo(Ending.COMPLETE);
  }

  @Test
  void whatCannotAriseIsToldWithItsReasonAndNeverCounts() {
    tally.expect(start);
    tally.expect(state);
    tally.passed(start);
    tally.cannotArise(start, "no such thing");
    tally.cannotArise(state, "nothing brings it about");
    assertThat(report().summary())
        .isEqualTo("methods 1/1 fields 0/0 errors 0/0 (1 more cannot arise) roles 0/0");
    assertThat(report().ending()).isEqualTo(Ending.COMPLETE);
    assertThat(report().text(false))
        .contains("cannot arise here:")
        .contains("errors: nothing brings it about (1): VM.start VM_BAD_POWER_STATE");
    tally.failed(state, "it came about, and was wrong");
    assertThat(report().ending()).isEqualTo(Ending.FAILED);
  }

  @Test
  void refusalByDesignCountsAndIsToldApart() {
    tally.expect(start);
    tally.refuses(start, "there is no need for it");
    assertThat(report().summary())
        .isEqualTo(
            "methods 1/1 (0 with their effect, 1 refused by design) fields 0/0 errors 0/0 roles"
                + " 0/0");
    assertThat(report().ending()).isEqualTo(Ending.COMPLETE);
    assertThat(report().text(true))
        .contains("refused by design:", "methods: there is no need for it (1): VM.start");
    tally.passed(start);
    assertThat(report().summary()).isEqualTo("methods 1/1 fields 0/0 errors 0/0 roles 0/0");
  }

  @Test
  void anAnswerThatNobodyExpectedFailsWhatAskedForItAndNothingElse() {
    tally.expect(start);
    tally.attempt(
        state,
        () -> {
          throw new IllegalStateException("what is this");
        });
    assertThat(report().failures())
        .containsExactly(
            "error VM.start VM_BAD_POWER_STATE: an answer that the suite cannot deal with:"
                + " java.lang.IllegalStateException: what is this");
  }

  @Test
  void failureIsNotForgotten() {
    tally.failed(start, "it did not start");
    tally.passed(start);
    tally.unmeasured(start, "nobody looked");
    assertThat(report().failures()).containsExactly("method VM.start: it did not start");
    assertThat(report().ending()).isEqualTo(Ending.FAILED);
    assertThat(report().text(true)).contains("VM.start: success FAILED");
  }

  @Test
  void whatTheServerLacksIsNoSuccess() {
    tally.passed(start);
    tally.missing(start, "it says that it lacks it");
    assertThat(report().failures()).isEmpty();
    assertThat(report().ending()).isEqualTo(Ending.FAILED);
  }

  private Report report() {
    return new Report(Map.of("server", "http://127.0.0.1/"), tally.all());
  }
}
