package io.keelson.cli.command;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.Value;
import io.keelson.cli.call.Values;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Work that a task follows: shown as it goes on when {@code --progress} asks for it. */
public final class Work {
  private static final int WIDTH = 70;

  /** Seconds to wait for news of a task at a time. */
  private static final double ROUND = 30;

  /** The same where somebody may have gone meanwhile without whom it never ends. */
  private static final double SHORT_ROUND = 2;

  private static final String ANIMATION = "|/-\\";

  private final Invocation invocation;
  private final String task;
  private int seen = -1;

  private Work(Invocation invocation, String task) {
    this.invocation = invocation;
    this.task = task;
  }

  /**
   * Calls a message and waits for its end.
   *
   * @return its result, as task.result has it
   * @throws ApiError what the message raises
   */
  public static String done(Invocation invocation, String message, List<Value> parameters)
      throws IOException {
    String task = Values.text(invocation.call("Async." + message, parameters));
    try {
      return new Work(invocation, task).end(ROUND, () -> {});
    } finally {
      invocation.call("task.destroy", task);
    }
  }

  /**
   * Waits for the end of a task that somebody else works on, or is to work on.
   *
   * @return its result, as task.result has it
   * @throws ApiError with which it ended
   * @throws IOException when the user's end goes, without which it may never end
   */
  public static String ended(Invocation invocation, String task) throws IOException {
    return new Work(invocation, task).end(SHORT_ROUND, invocation.terminal()::knock);
  }

  /** What is done between two looks at a task. */
  @FunctionalInterface
  private interface Meanwhile {
    void run() throws IOException;
  }

  private String end(double round, Meanwhile meanwhile) throws IOException {
    boolean shown = invocation.get("progress").isPresent();
    String token = "";
    while (true) {
      Map<String, Value> record = Values.members(invocation.call("task.get_record", task));
      if (shown) {
        show(Values.real(Values.member(record, "progress")));
      }
      if (!Values.text(Values.member(record, "status")).equals("pending")) {
        if (shown) {
          invocation.terminal().printError("\n");
        }
        return result(record);
      }
      token = Values.text(Values.member(Values.members(changes(token, round)), "token"));
      meanwhile.run();
    }
  }

  private Value changes(String token, double round) {
    return invocation.call(
        "event.from",
        List.of(Values.of(List.of("task/" + task)), new Value.Text(token), new Value.Real(round)));
  }

  private void show(double progress) throws IOException {
    int percent = (int) (progress * 100);
    if (percent != seen) {
      seen = percent;
      invocation
          .terminal()
          .printError(
              "\r %3d%% %c %s"
                  .formatted(
                      percent,
                      ANIMATION.charAt(percent % ANIMATION.length()),
                      "#".repeat((int) (progress * WIDTH))));
    }
  }

  private String result(Map<String, Value> record) {
    return switch (Values.text(Values.member(record, "status"))) {
      case "success" -> Values.text(Values.member(record, "result"));
      case "cancelling", "cancelled" -> throw ApiErrors.taskCancelled(task);
      default -> {
        List<String> error = Values.texts(Values.member(record, "error_info"));
        throw ApiError.relayed(error.getFirst(), error.subList(1, error.size()))
            .orElseThrow(() -> new IllegalStateException("an error of no kind: " + error));
      }
    };
  }
}
