package io.keelson.conformance.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A line a message: success, each error, and how many roles were found to be right. */
final class MessageLines {
  private MessageLines() {}

  /** What is known of one message. */
  private static final class Line {
    private String success = "-";
    private final List<String> errors = new ArrayList<>();
    private int rolesRight;
    private int roles;

    @Override
    public String toString() {
      String told = "success " + success;
      told += errors.isEmpty() ? "" : ", " + String.join(", ", errors);
      return roles == 0 ? told : told + ", roles " + rolesRight + "/" + roles;
    }
  }

  static List<String> of(Map<Subject, Verdict> verdicts) {
    Map<String, Line> lines = new TreeMap<>();
    verdicts.forEach((subject, verdict) -> {
      String[] words = subject.name().split(" ", 2);
      switch (subject.kind()) {
        case METHOD, IMPLICIT -> line(lines, words[0]).success = mark(verdict);
        case ERROR -> line(lines, words[0]).errors.add(words[1] + " " + mark(verdict));
        case ROLE -> {
          Line line = line(lines, words[0]);
          line.roles++;
          line.rolesRight += verdict instanceof Verdict.Passed ? 1 : 0;
        }
        case FIELD, CASE -> {}
      }
    });
    return lines.entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).toList();
  }

  private static Line line(Map<String, Line> lines, String message) {
    return lines.computeIfAbsent(message, _ -> new Line());
  }

  private static String mark(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Passed _ -> "ok";
      case Verdict.Refuses _ -> "refused by design";
      case Verdict.Failed _ -> "FAILED";
      case Verdict.Missing _ -> "not there";
      case Verdict.Unmeasured _ -> "not measured";
      case Verdict.CannotArise _ -> "cannot arise";
    };
  }
}
