package io.keelson.conformance.cases;

import io.keelson.conformance.loan.Loans;
import io.keelson.conformance.report.Subject;
import io.keelson.conformance.report.Subject.Kind;
import io.keelson.conformance.report.Tally;
import io.keelson.conformance.rpc.Format;
import io.keelson.conformance.rpc.Session;
import io.keelson.conformance.surface.Surface;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** All cases that are written by hand. What goes wrong in one fails that one alone. */
public final class Cases {
  private final Surface surface;
  private final Tally tally;
  private final Session root;
  private final Marks marks;
  private final Loans loans;
  private final Duration longest;
  private final Map<String, List<Step>> fixtures = CaseFiles.fixtures();

  /**
   * @param longest how long a case may take
   */
  public Cases(
      Surface surface, Tally tally, Session root, Marks marks, Loans loans, Duration longest) {
    this.loans = loans;
    this.surface = surface;
    this.tally = tally;
    this.root = root;
    this.marks = marks;
    this.longest = longest;
  }

  /** Whether there is a case of such a name. */
  public static boolean anyNamed(Predicate<String> wanted) {
    return CaseFiles.cases().stream().anyMatch(c -> wanted.test(c.name()));
  }

  /** What the cases measure whose names are wanted. */
  public static Set<Subject> subjects(Predicate<String> wanted) {
    return CaseFiles.cases().stream()
        .filter(c -> wanted.test(c.name()))
        .flatMap(c -> c.steps().stream())
        .flatMap(step -> measuredBy(step).stream())
        .flatMap(s -> Stream.of(s, Subject.of(Kind.IMPLICIT, s.name())))
        .collect(Collectors.toSet());
  }

  private static Optional<Subject> measuredBy(Step step) {
    return step.method()
        .map(method ->
            step.get("error")
                .map(error -> subject(method + " " + error.path(0).asString()))
                .orElse(subject(method)));
  }

  /** Runs the cases whose names are wanted, in the formats that are. */
  public void run(Predicate<String> wanted, List<Format> formats) {
    run(formats, one -> wanted.test(one.name()) && !one.roles());
    CaseFiles.cannotArise()
        .forEach((reason, names) -> names.forEach(name -> tally.cannotArise(apart(name), reason)));
  }

  /** Whether any of the cases that are wanted needs somebody of each role. */
  public boolean needRoles(Predicate<String> wanted) {
    return CaseFiles.cases().stream().anyMatch(c -> c.roles() && wanted.test(c.name()));
  }

  /** Runs the cases that need somebody of each role, while there is. */
  public void runWith(
      Map<String, JsonNode> sessions, String why, Predicate<String> wanted, List<Format> formats) {
    marks.lend(sessions, why);
    run(formats, one -> one.roles() && wanted.test(one.name()));
    marks.lend(Map.of(), why);
  }

  private void run(List<Format> formats, Predicate<Case> wanted) {
    for (Case one : CaseFiles.cases()) {
      if (wanted.test(one) && isMeasured(one)) {
        one.formats().stream().filter(formats::contains).forEach(format -> run(one, format));
      }
    }
  }

  /** Those of requests alone belong to no class, and to the whole. */
  private boolean isMeasured(Case one) {
    return surface.isWhole()
        || one.messages().stream()
            .flatMap(name -> surface.message(name).stream())
            .anyMatch(m -> surface.isMeasured(m.apiClass()));
  }

  private static Subject subject(String name) {
    return Subject.of(name.contains(" ") ? Kind.ERROR : Kind.METHOD, name);
  }

  private Subject apart(String name) {
    return surface.fieldsInNoRecord().contains(name) ? Subject.of(Kind.FIELD, name) : subject(name);
  }

  private CaseRun begin(Session session) {
    return new CaseRun(surface, tally, session, fixtures, marks, loans, longest);
  }

  private void run(Case one, Format format) {
    Subject subject = Subject.of(Kind.CASE, one.name());
    tally.expect(subject);
    CaseRun run = begin(root.in(format));
    try {
      run.steps(one.steps());
      tally.passed(subject);
    } catch (Stop stop) {
      stopped(one, format, stop);
    } catch (RuntimeException e) {
      failed(one, format, "an answer that the case cannot deal with: " + e);
    } finally {
      try {
        run.undo();
      } catch (RuntimeException e) {
        failed(one, format, "what it did is not taken back: " + e);
      }
    }
  }

  private void stopped(Case one, Format format, Stop stop) {
    switch (stop) {
      case Stop.Refused _ -> tally.passed(Subject.of(Kind.CASE, one.name()));
      case Stop.Wrong wrong -> failed(one, format, wrong.why());
      case Stop.Lacking lacking -> {
        tally.unmeasured(Subject.of(Kind.CASE, one.name()), "it needs " + lacking.why());
        leave(one, "the case needs " + lacking.why());
      }
    }
  }

  private void failed(Case one, Format format, String why) {
    tally.failed(Subject.of(Kind.CASE, one.name()), format.text() + ": " + why);
    leave(one, "the case \"" + one.name() + "\" failed before");
  }

  /** Says of all that the case would have measured why it was not. */
  private void leave(Case one, String why) {
    one.steps().forEach(step -> measuredBy(step).ifPresent(s -> tally.unmeasured(s, why)));
  }

  /** Objects for as long as {@code use} takes, each made by the fixture of that name. */
  public <T> Optional<T> with(String fixture, Function<JsonNode, T> use) {
    CaseRun run = begin(root);
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
