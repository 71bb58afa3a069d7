package io.keelson.conformance.fuzz;

import static io.keelson.conformance.rpc.Values.text;

import io.keelson.conformance.fuzz.wire.Oracle;
import io.keelson.conformance.rpc.Session;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What became of calls that were made asynchronously. */
final class TaskWatch {
  private static final int REMEMBERED = 5000;

  private final Oracle oracle;
  private final Findings findings;
  private final Map<String, String> starts =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > REMEMBERED;
        }
      };

  TaskWatch(Oracle oracle, Findings findings) {
    this.oracle = oracle;
    this.findings = findings;
  }

  /** A request was answered with a task. */
  synchronized void started(String task, String by) {
    starts.put(task, by);
  }

  /** Looks at the tasks that have ended, and has them forgotten; says how many go on. */
  synchronized int look(Session session) {
    int pending = 0;
    JsonNode all = session.value("task.get_all_records").orElse(text(""));
    for (Map.Entry<String, JsonNode> task : all.properties()) {
      String status = task.getValue().path("status").asString("");
      if (status.equals("pending") || status.equals("cancelling")) {
        pending += starts.containsKey(task.getKey()) ? 1 : 0;
        continue;
      }
      JsonNode error = task.getValue().path("error_info");
      String code = error.isEmpty() ? "" : error.get(0).asString("");
      String name = task.getValue().path("name_label").asString("");
      if (!code.isEmpty() && isWrong(name, error)) {
        findings.add(
            Finding.of(
                starts.getOrDefault(task.getKey(), "a task") + " (" + name + ")",
                "the task ended with " + error));
      }
      session.answer("task.destroy", text(task.getKey()));
      starts.remove(task.getKey());
    }
    return pending;
  }

  /** That a client has left its own download is nobody else's fault. */
  private boolean isWrong(String name, JsonNode error) {
    String code = error.get(0).asString("");
    return code.equals("INTERNAL_ERROR")
        ? !name.contains("send_test_post") && !error.toString().contains("client went away")
        : !oracle.isKnown(code);
  }

  /** Waits until all have ended, cancelling what can be; those that go on are found. */
  void settle(Session session, Duration patience) throws InterruptedException {
    long until = System.nanoTime() + patience.toNanos();
    while (look(session) > 0) {
      if (System.nanoTime() > until) {
        pending(session);
        return;
      }
      session.texts("task.get_all").forEach(task -> session.answer("task.cancel", text(task)));
      Thread.sleep(100);
    }
  }

  private synchronized void pending(Session session) {
    session
        .value("task.get_all_records")
        .ifPresent(all ->
            all.properties().stream()
                .filter(e -> starts.containsKey(e.getKey()))
                .filter(e -> e.getValue().path("status").asString("").matches("pending|cancelling"))
                .forEach(e ->
                    findings.add(
                        Finding.of(
                            starts.getOrDefault(e.getKey(), "a task"),
                            "the task does not end: "
                                + e.getValue().path("name_label").asString("")))));
  }
}
