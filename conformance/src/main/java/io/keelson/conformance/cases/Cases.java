package io.keelson.conformance.cases;

import io.keelson.conformance.loan.Loans;
import io.keelson.conformance.report.Subject;
import io.keelson.conformance.report.Subject.Kind;
import io.keelson.conformance.report.Tally;
import io.keelson.conformance.rpc.Format;
import io.keelson.conformance.rpc.Session;
import io.keelson.conformance.surface.Surface;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** All cases that are written by hand. */
public final class Cases {
  private final Surface surface;
  private final Tally tally;
  private final Session root;
  private final Marks marks;
  private final Loans loans;
  private final Map<String, List<Step>> fixtures = CaseFiles.fixtures();

  public Cases(Surface surface, Tally tally, Session root, Marks marks, Loans loans) {
    this.loans = loans;
    this.surface = surface;
    this.tally = tally;
    this.root = root;
    this.marks = marks;
  }

  /** Runs the cases whose names are wanted, in the formats that are. */
  public void run(Predicate<String> wanted, List<Format> formats) {
    for (Case one : CaseFiles.cases()) {
      if (wanted.test(one.name())) {
        one.formats().stream().filter(formats::contains).forEach(format -> run(one, format));
      }
    }
    CaseFiles.reasons().forEach(this::unmeasured);
  }

  private void unmeasured(String reason, List<String> names) {
    for (String name : names) {
      tally.unmeasured(Subject.of(name.contains(" ") ? Kind.ERROR : Kind.METHOD, name), reason);
    }
  }

  private void run(Case one, Format format) {
    Subject subject = Subject.of(Kind.CASE, one.name());
    tally.expect(subject);
    CaseRun run = new CaseRun(surface, tally, root.in(format), fixtures, marks, loans);
    try {
      run.steps(one.steps());
      tally.passed(subject);
    } catch (Stop stop) {
      stopped(one, format, stop);
    } finally {
      run.undo();
    }
  }

  private void stopped(Case one, Format format, Stop stop) {
    Subject subject = Subject.of(Kind.CASE, one.name());
    switch (stop) {
      case Stop.Wrong wrong -> {
        tally.failed(subject, format.text() + ": " + wrong.why());
        leave(one, "the case \"" + one.name() + "\" failed before");
      }
      case Stop.Lacking lacking -> {
        tally.unmeasured(subject, "it needs " + lacking.why());
        leave(one, "the case needs " + lacking.why());
      }
    }
  }

  /** Says of all that the case would have measured why it was not. */
  private void leave(Case one, String why) {
    for (Step step : one.steps()) {
      step.method()
          .ifPresent(method -> {
            Optional<JsonNode> error = step.get("error");
            tally.unmeasured(
                error.isPresent()
                    ? Subject.of(Kind.ERROR, method + " " + error.orElseThrow().path(0).asString())
                    : Subject.of(Kind.METHOD, method),
                why);
          });
    }
  }

  /** Objects for as long as {@code use} takes, each made by the fixture of that name. */
  public <T> Optional<T> with(String fixture, Function<JsonNode, T> use) {
    CaseRun run = new CaseRun(surface, tally, root, fixtures, marks, loans);
    try {
      return Optional.of(use.apply(run.value(fixture)));
    } catch (Stop _) {
      return Optional.empty();
    } finally {
      run.undo();
    }
  }

  /** Whether there is a fixture of that name. */
  public boolean has(String fixture) {
    return fixtures.containsKey(fixture);
  }
}
