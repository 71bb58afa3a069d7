package io.keelson.conformance.report;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What has been measured so far. */
public final class Tally {
  private static final String NO_CASE = "no case measures it";

  private final Map<Subject, Verdict> verdicts = new ConcurrentHashMap<>();

  /** Says that something is to be measured. */
  public void expect(Subject subject) {
    verdicts.putIfAbsent(subject, new Verdict.Unmeasured(NO_CASE));
  }

  /** Says that something is not to be measured after all. */
  public void withdraw(Subject subject) {
    verdicts.remove(subject);
  }

  /** Leaves out all that is not among these. */
  public void retain(Set<Subject> some) {
    verdicts.keySet().retainAll(some);
  }

  public boolean expects(Subject subject) {
    return verdicts.containsKey(subject);
  }

  public void passed(Subject subject) {
    see(subject, new Verdict.Passed());
  }

  /**
   * A message was refused in the way that is documented for it, by a server that has no use for it.
   */
  public void refuses(Subject subject, String why) {
    see(subject, new Verdict.Refuses(why));
  }

  public void failed(Subject subject, String why) {
    see(subject, new Verdict.Failed(why));
  }

  public void missing(Subject subject, String why) {
    see(subject, new Verdict.Missing(why));
  }

  /** Says why something was not measured; the first reason stays. */
  public void unmeasured(Subject subject, String why) {
    verdicts.computeIfPresent(
        subject,
        (_, known) ->
            known.equals(new Verdict.Unmeasured(NO_CASE)) ? new Verdict.Unmeasured(why) : known);
  }

  /** Says why something never comes about, if nobody saw it all the same. */
  public void cannotArise(Subject subject, String why) {
    verdicts.computeIfPresent(
        subject,
        (_, known) -> known instanceof Verdict.Unmeasured ? new Verdict.CannotArise(why) : known);
  }

  /** Does what measures something; that it cannot deal with an answer is a failure of that. */
  public void attempt(Subject subject, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      failed(subject, "an answer that the suite cannot deal with: " + e);
    }
  }

  /** Passed without an objection, failed with one. */
  public void seen(Subject subject, Optional<String> objection) {
    objection.ifPresentOrElse(why -> failed(subject, why), () -> passed(subject));
  }

  private void see(Subject subject, Verdict verdict) {
    verdicts.merge(
        subject, verdict, (known, seen) -> seen.weight() > known.weight() ? seen : known);
  }

  /** Everything, in order. */
  public SortedMap<Subject, Verdict> all() {
    return new TreeMap<>(verdicts);
  }
}
