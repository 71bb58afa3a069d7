package io.keelson.conformance.fuzz;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All that was found; the same thing found again is counted and not told. */
final class Findings {
  private static final int ALIKE = 3;

  private final PrintStream out;
  private final Map<String, Integer> kinds = new LinkedHashMap<>();
  private final List<Finding> told = new ArrayList<>();
  private int all;

  Findings(PrintStream out) {
    this.out = out;
  }

  /** Tells of it, unless the like was told of often enough; says whether it is one of the first. */
  synchronized boolean add(Finding finding) {
    all++;
    String what = finding.what();
    String kind =
        finding.request().map(r -> r.about()).orElse("")
            + what.substring(0, Math.min(160, what.length()))
                .replaceAll("[0-9a-f]{8}-[0-9a-f-]+|\\d+", "#");
    if (kinds.merge(kind, 1, Integer::sum) > ALIKE) {
      return false;
    }
    told.add(finding);
    out.println("found at " + finding.told());
    return true;
  }

  synchronized int count() {
    return all;
  }

  synchronized List<String> texts() {
    return told.stream().map(Finding::told).toList();
  }
}
