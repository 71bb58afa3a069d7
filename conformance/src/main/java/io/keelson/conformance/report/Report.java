package io.keelson.conformance.report;

import io.keelson.conformance.report.Subject.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The outcome of a run.
 *
 * @param about the server and the run, for instance its address and version
 */
public record Report(Map<String, String> about, SortedMap<Subject, Verdict> verdicts) {
  private static final List<Kind> COUNTED = List.of(Kind.METHOD, Kind.FIELD, Kind.ERROR, Kind.ROLE);
  private static final List<Kind> BESIDE = List.of(Kind.IMPLICIT, Kind.CASE);

  /** What a server has if it can be called or read at all: a success of each message, a field. */
  private static final EnumSet<Kind> MUST_SUCCEED =
      EnumSet.of(Kind.METHOD, Kind.FIELD, Kind.IMPLICIT);

  private static final EnumSet<Kind> ALL_KINDS = EnumSet.allOf(Kind.class);

  /** How a run ends. */
  public enum Ending {
    /** All that can be was measured, and all is as it should be. */
    COMPLETE(0),
    /** Something is not as it should be, or the server says that it lacks it. */
    FAILED(1),
    /** Nothing is wrong, but not everything could be measured. */
    PARTIAL(3);

    private final int status;

    Ending(int status) {
      this.status = status;
    }

    /** Of the process. */
    public int status() {
      return status;
    }
  }

  public Ending ending() {
    if (verdicts.values().stream().anyMatch(Report::isWrong)) {
      return Ending.FAILED;
    }
    return verdicts.values().stream().anyMatch(v -> v instanceof Verdict.Unmeasured)
        ? Ending.PARTIAL
        : Ending.COMPLETE;
  }

  private static boolean isWrong(Verdict verdict) {
    return verdict instanceof Verdict.Failed || verdict instanceof Verdict.Missing;
  }

  /** What failed, with the reasons. */
  public List<String> failures() {
    return told(Verdict.Failed.class);
  }

  private List<String> told(Class<? extends Verdict> kind) {
    return verdicts.entrySet().stream()
        .filter(e -> kind.isInstance(e.getValue()))
        .map(e -> "%s %s: %s".formatted(word(e.getKey()), e.getKey().name(), why(e.getValue())))
        .toList();
  }

  private static String word(Subject subject) {
    return subject.kind().plural().replaceFirst("s$", "");
  }

  static String why(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Passed _ -> "";
      case Verdict.Refuses(String why) -> why;
      case Verdict.Failed(String why) -> why;
      case Verdict.Missing(String why) -> why;
      case Verdict.Unmeasured(String why) -> why;
      case Verdict.CannotArise(String why) -> why;
    };
  }

  /** What was seen to be as it should be. */
  public long passed(Kind kind) {
    return count(kind, Verdict.Passed.class) + count(kind, Verdict.Refuses.class);
  }

  /** What there is to see: not what cannot arise. */
  public long total(Kind kind) {
    return count(kind, Verdict.class) - count(kind, Verdict.CannotArise.class);
  }

  long count(Kind kind, Class<? extends Verdict> verdict) {
    return verdicts.entrySet().stream()
        .filter(e -> e.getKey().kind() == kind && verdict.isInstance(e.getValue()))
        .count();
  }

  /** The last line: how much of what is measured and as it should be. */
  public String summary() {
    return fractions(COUNTED.stream());
  }

  private String fractions(Stream<Kind> kinds) {
    return kinds.map(this::fraction).collect(Collectors.joining(" "));
  }

  /** How much of what, and in brackets what is not to be read into it. */
  private String fraction(Kind kind) {
    List<String> apart = new ArrayList<>();
    long refused = count(kind, Verdict.Refuses.class);
    if (refused > 0) {
      apart.add(count(kind, Verdict.Passed.class) + " with their effect");
      apart.add(refused + " refused by design");
    }
    long never = count(kind, Verdict.CannotArise.class);
    if (never > 0) {
      apart.add(never + " more cannot arise");
    }
    return "%s %d/%d".formatted(kind.plural(), passed(kind), total(kind))
        + (apart.isEmpty() ? "" : " (" + String.join(", ", apart) + ")");
  }

  /**
   * For people.
   *
   * @param everything whether each message is told, and not only what is not as it should be
   */
  public String text(boolean everything) {
    StringBuilder text = new StringBuilder();
    about.forEach((name, value) -> text.append("%-10s %s%n".formatted(name, value)));
    if (everything) {
      section(text, "messages", MessageLines.of(verdicts));
    }
    section(text, "failed", told(Verdict.Failed.class));
    section(text, "not there", told(Verdict.Missing.class));
    section(text, "not reachable here", unmeasured(MUST_SUCCEED));
    section(text, "not measured", unmeasured(EnumSet.complementOf(MUST_SUCCEED)));
    section(text, "refused by design", byReason(Verdict.Refuses.class, ALL_KINDS));
    section(text, "cannot arise here", byReason(Verdict.CannotArise.class, ALL_KINDS));
    text.append("%n%s%n%s%n".formatted(fractions(BESIDE.stream()), summary()));
    return text.toString();
  }

  /** What was not measured of these kinds. */
  private List<String> unmeasured(Set<Kind> kinds) {
    return byReason(Verdict.Unmeasured.class, kinds);
  }

  /** What has such a verdict, those with one reason on one line. */
  private List<String> byReason(Class<? extends Verdict> verdicts, Set<Kind> kinds) {
    SortedMap<String, List<String>> byReason = new TreeMap<>();
    this.verdicts.forEach((subject, verdict) -> {
      if (kinds.contains(subject.kind()) && verdicts.isInstance(verdict)) {
        byReason
            .computeIfAbsent(subject.kind().plural() + ": " + why(verdict), _ -> new ArrayList<>())
            .add(subject.name());
      }
    });
    return byReason.entrySet().stream()
        .map(e -> e.getKey() + " (" + e.getValue().size() + "): " + names(e.getValue()))
        .toList();
  }

  private static String names(List<String> names) {
    int most = 60;
    String shown = names.stream().limit(most).collect(Collectors.joining(", "));
    return names.size() > most ? shown + " and " + (names.size() - most) + " more" : shown;
  }

  private static void section(StringBuilder text, String title, List<String> lines) {
    if (!lines.isEmpty()) {
      text.append("%n%s:%n".formatted(title));
      lines.forEach(line -> text.append("  ").append(line).append(System.lineSeparator()));
    }
  }
}
