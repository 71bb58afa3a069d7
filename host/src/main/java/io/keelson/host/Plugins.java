package io.keelson.host;

import io.keelson.host.DriverException.Reason;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Programs that administrators have put on hosts, for callers of the API to run. */
public interface Plugins {
  /** Hosts without any. */
  Plugins NONE =
      (_, _, name, _, _, _) -> {
        throw new DriverException(Reason.NOT_FOUND, "no plugin " + name);
      };

  /** On whose behalf a plugin runs; each has plugins of its own. */
  enum Audience {
    HOST,
    VM
  }

  /**
   * Runs one function of a plugin to its end. Raises NOT_FOUND when there is no plugin of that name
   * that may be run, INVALID when the arguments are too long, CANCELLED.
   */
  Outcome run(
      UUID host,
      Audience audience,
      String name,
      String function,
      Map<String, String> arguments,
      Progress progress);

  /** Whether there is a plugin of that name that may be run. */
  default boolean offers(UUID host, Audience audience, String name) {
    return false;
  }

  /** How it ended. */
  sealed interface Outcome {}

  /** It has done what it was asked, and says this. */
  record Success(String value) implements Outcome {}

  /** It says that it could not: a code and its parameters, as the API has them. */
  record Failure(String code, List<String> parameters) implements Outcome {
    public Failure {
      parameters = List.copyOf(parameters);
    }
  }

  /**
   * It ended otherwise.
   *
   * @param how it ended, in a few words
   */
  record Broken(String how, String output, String errors) implements Outcome {}
}
