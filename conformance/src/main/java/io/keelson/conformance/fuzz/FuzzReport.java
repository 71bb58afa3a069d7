package io.keelson.conformance.fuzz;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a run came to.
 *
 * @param found how often something was found
 * @param findings in words, the first of each kind
 * @param heaps live bytes of the server's heap, after each quarter of the requests
 * @param codes how often calls were refused with which code
 * @param doors how many addresses they were sent to
 * @param roles whose sessions they were sent in
 */
public record FuzzReport(
    long seed,
    long requests,
    double seconds,
    int found,
    List<String> findings,
    List<Long> heaps,
    Map<String, Long> codes,
    int doors,
    String roles) {
  private static final long MIB = 1 << 20;

  /** One line a fact. */
  public String text() {
    String heap =
        heaps.isEmpty()
            ? "not measured"
            : heaps.stream()
                .map(bytes -> "%.1f".formatted((double) bytes / MIB))
                .collect(Collectors.joining(", ", "", " MiB after each quarter"));
    String most =
        codes.entrySet().stream()
            .filter(e -> !e.getKey().isEmpty())
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .limit(8)
            .map(e -> e.getKey() + " " + e.getValue())
            .collect(Collectors.joining(", "));
    return """
    requests   %d in %.1f s (%.0f a second), seed %d
    doors      %s
    roles      %s
    refused    with %d codes: %s
    live heap  %s
    found      %s
    """
        .formatted(
            requests,
            seconds,
            requests / seconds,
            seed,
            doors > 1 ? "HTTP and TLS" : "HTTP",
            roles,
            codes.size(),
            most,
            heap,
            found == 0 ? "nothing" : found + " times something");
  }
}
