package io.keelson.conformance.report;

import io.keelson.conformance.report.Subject.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A report for programs: the figures, and everything that was measured. */
public final class JsonReport {
  private JsonReport() {}

  /** Writes it to a file. */
  public static void write(Report report, Path file) throws IOException {
    Files.writeString(
        file, new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(of(report)));
  }

  static ObjectNode of(Report report) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    report.about().forEach(all::put);
    all.put("summary", report.summary())
        .put("ending", report.ending().name().toLowerCase(Locale.ROOT));
    ObjectNode counts = all.putObject("counts");
    for (Kind kind : Kind.values()) {
      counts
          .putObject(kind.plural())
          .put("passed", report.passed(kind))
          .put("of these refused by design", report.count(kind, Verdict.Refuses.class))
          .put("cannot arise", report.count(kind, Verdict.CannotArise.class))
          .put("total", report.total(kind));
    }
    ObjectNode kinds = all.putObject("results");
    for (Kind kind : Kind.values()) {
      kinds.putObject(kind.plural());
    }
    report
        .verdicts()
        .forEach((subject, verdict) -> {
          ObjectNode one = kinds.withObject(subject.kind().plural()).putObject(subject.name());
          one.put("result", word(verdict));
          if (!Report.why(verdict).isEmpty()) {
            one.put("why", Report.why(verdict));
          }
        });
    return all;
  }

  private static String word(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Passed _ -> "passed";
      case Verdict.Refuses _ -> "refuses by design";
      case Verdict.Failed _ -> "failed";
      case Verdict.Missing _ -> "missing";
      case Verdict.Unmeasured _ -> "unmeasured";
      case Verdict.CannotArise _ -> "cannot arise";
    };
  }
}
