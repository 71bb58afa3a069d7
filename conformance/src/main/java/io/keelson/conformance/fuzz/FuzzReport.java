package io.keelson.conformance.fuzz;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a run came to.
 *
 * @param found how often something was found
 * @param findings in words, the first of each kind
 * @param heaps live bytes of the server's heap, after a quarter of the requests and at the end
 * @param codes how often calls were refused with which code
 */
public record FuzzReport(
    long seed,
    long requests,
    double seconds,
    int found,
    List<String> findings,
    List<Long> heaps,
    Map<String, Long> codes) {
  private static final long MIB = 1 << 20;

  /** One line a fact. */
  public String text() {
    String heap =
        heaps.size() < 2
            ? "not measured"
            : "%.1f MiB after a quarter, %.1f MiB at the end"
                .formatted((double) heaps.getFirst() / MIB, (double) heaps.getLast() / MIB);
    String most =
        codes.entrySet().stream()
            .filter(e -> !e.getKey().isEmpty())
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .limit(8)
            .map(e -> e.getKey() + " " + e.getValue())
            .collect(Collectors.joining(", "));
    return """
    requests   %d in %.1f s (%.0f a second), seed %d
    refused    with %d codes: %s
    live heap  %s
    found      %s
    """
        .formatted(
            requests,
            seconds,
            requests / seconds,
            seed,
            codes.size(),
            most,
            heap,
            found == 0 ? "nothing" : found + " times something");
  }
}
