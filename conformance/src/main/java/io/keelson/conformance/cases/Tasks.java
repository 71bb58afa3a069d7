package io.keelson.conformance.cases;

import io.keelson.conformance.rpc.Answer;
import io.keelson.conformance.rpc.Session;
import io.keelson.conformance.rpc.Values;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The tasks of asynchronous calls. */
final class Tasks {
  private static final List<String> UNFINISHED = List.of("pending", "cancelling");
  private static final Pattern VALUE = Pattern.compile("<value>([^<]*)</value>");

  private Tasks() {}

  /** How a task came out in that time: what it answers with, or what it failed with. */
  static Answer outcome(Session session, JsonNode task, String wanted, Clock time) throws Stop {
    String status;
    do {
      status = session.value("task.get_status", task).map(Values::plain).orElse("no such task");
    } while (UNFINISHED.contains(status) && time.goesOn());
    List<String> error = session.texts("task.get_error_info", task);
    if (!status.equals(wanted)) {
      throw new Stop.Wrong("a task that ends in " + wanted + " expected: " + status + " " + error);
    }
    if (!wanted.equals("success")) {
      return new Answer.Failure(error);
    }
    String result = session.value("task.get_result", task).map(Values::plain).orElse("");
    Matcher value = VALUE.matcher(result);
    return new Answer.Success(Values.text(value.matches() ? value.group(1) : result));
  }
}
