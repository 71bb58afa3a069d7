package io.keelson.conformance.recording;

import io.keelson.conformance.rpc.Format;
import java.util.Map;
import java.util.Optional;

/**
 * A message as it was called in one format or in both.
 *
 * @param message as the call named it
 * @param success whether the call did what it was asked; else it was refused
 */
public record Example(String message, boolean success, Map<Format, Pair> pairs) {
  /** The bodies of request and reply, on one line each, with stand-ins and cuts. */
  public record Pair(String request, String reply) {}

  /** The call in one of the formats. */
  public Optional<Pair> in(Format format) {
    return Optional.ofNullable(pairs.get(format));
  }

  /** The class of the message, an {@code Async.} before it aside. */
  public String apiClass() {
    String name = message.replaceFirst("^Async\\.", "");
    return name.substring(0, name.indexOf('.'));
  }
}
