package io.keelson.cli.call;

import io.keelson.api.ApiError;
import io.keelson.api.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The API as a command calls it: in a session, through the same gate as any client.
 *
 * @param session its reference
 */
public record Api(Server server, String session) {
  /** What answers calls. */
  public interface Server {
    /**
     * Calls a message and waits for its answer.
     *
     * @param message {@code Class.message}
     * @param parameters the session first, where the message needs one
     * @return Nothing for a message that returns nothing
     * @throws ApiError what the message raises
     */
    Value call(String message, List<Value> parameters);

    /** What people call the object of a reference: its uuid, and its name; empty for none. */
    Optional<String> describe(String ref);
  }

  /** The same in another session. */
  public Api in(String other) {
    return new Api(server, other);
  }

  /**
   * Calls a message in the session.
   *
   * @param parameters without the session
   */
  public Value call(String message, List<Value> parameters) {
    return server.call(
        message, Stream.concat(Stream.of(new Value.Text(session)), parameters.stream()).toList());
  }

  /** {@link #call(String, List)} with parameters that are texts, references among them. */
  public Value call(String message, String... texts) {
    return call(message, Arrays.stream(texts).<Value>map(Value.Text::new).toList());
  }
}
