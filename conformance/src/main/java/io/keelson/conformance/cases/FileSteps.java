package io.keelson.conformance.cases;

import io.keelson.conformance.loan.Loans;
import io.keelson.conformance.rpc.Session;
import io.keelson.conformance.rpc.Values;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Steps about files: they are known by where they are on this machine. */
final class FileSteps {
  /** The steps that this is about. */
  static final List<String> KEYS = List.of("get", "put", "lend", "sent");

  private final Loans loans;

  FileSteps(Loans loans) {
    this.loans = loans;
  }

  /**
   * Runs a step.
   *
   * @param key of the step
   * @param what the key's value, variables replaced
   * @return the file of {@code get}, the result of the task of {@code put}, the text of {@code
   *     sent}
   */
  JsonNode run(String key, JsonNode what, Session session) throws Stop {
    try {
      return switch (key) {
        case "get" -> get(what.asString(), session);
        case "put" -> put(what.path(0).asString(), Path.of(what.path(1).asString()), session);
        case "lend" -> {
          loans.lend(what.path(0).asString(), Path.of(what.path(1).asString()));
          yield what.path(0);
        }
        default ->
            Values.text(
                Files.readString(
                    loans
                        .sent(what.asString())
                        .orElseThrow(() -> new Stop.Wrong("nothing was sent to " + what)),
                    StandardCharsets.ISO_8859_1));
      };
    } catch (IOException e) {
      throw new Stop.Wrong(what + ": " + e);
    }
  }

  private JsonNode get(String path, Session session) throws Stop, IOException {
    Path file = loans.file();
    HttpResponse<Path> answer = session.server().fetch(within(path, session), file);
    if (answer.statusCode() != 200) {
      throw new Stop.Wrong(path + ": 200 expected, not " + answer.statusCode());
    }
    return Values.text(file.toString());
  }

  private static JsonNode put(String path, Path file, Session session) throws Stop, IOException {
    HttpResponse<String> answer = session.server().upload(within(path, session), file);
    if (answer.statusCode() != 200) {
      throw new Stop.Wrong(
          path + ": 200 expected, not " + answer.statusCode() + " " + answer.body());
    }
    Optional<JsonNode> result =
        answer
            .headers()
            .firstValue("Task-id")
            .flatMap(task -> session.value("task.get_result", Values.text(task)));
    return Values.text(result.map(r -> r.asString("").replaceAll("<[^>]*>", "")).orElse(""));
  }

  private static String within(String path, Session session) {
    String separator = path.contains("?") ? "&" : "?";
    return path + separator + "session_id=" + session.reference().asString();
  }
}
