package io.keelson.cli.dispatch;

import io.keelson.api.ApiError;
import io.keelson.api.ErrorCode;
import io.keelson.api.Value;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.CommandLine.Parameter;
import io.keelson.cli.command.Filter;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.record.Objects;
import io.keelson.cli.record.RecordKind;
import io.keelson.cli.record.RecordKinds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Waits until an object is as the parameters say: {@code name=value}, or {@code name=/=value} for
 * one that is not. Changes are heard of as events; between them nothing is asked.
 */
final class EventWait {
  private static final String CLASS = "class";
  private static final String NOT = "/=";
  private static final Value ROUND_SECONDS = new Value.Real(30.0);

  /** Attributes of these kinds are fields of other classes as well. */
  private static final Map<String, List<String>> SHOWN_OF_OTHERS =
      Map.of(
          "host", List.of("host_metrics"),
          "pif", List.of("PIF_metrics"),
          "vm", List.of("VM_metrics", "VM_guest_metrics"));

  private final Invocation invocation;
  private final RecordKind kind;
  private final List<Parameter> same = new ArrayList<>();
  private final List<Parameter> other = new ArrayList<>();

  private EventWait(Invocation invocation) {
    this.invocation = invocation;
    String name = invocation.required(CLASS);
    this.kind =
        RecordKinds.find(name)
            .orElseThrow(
                () -> CommandException.failed("There is no class '" + name + "' to wait for"));
    for (Parameter parameter : Filter.about(invocation.line(), Set.of(CLASS))) {
      if (parameter.value().startsWith(NOT)) {
        other.add(new Parameter(parameter.name(), parameter.value().substring(NOT.length())));
      } else {
        same.add(parameter);
      }
    }
  }

  static List<Command> all() {
    return List.of(
        Command.of(
            "event-wait",
            List.of(CLASS),
            List.of(),
            "Waits until an object of a class (vm, host, task, ...) has the values given, as"
                + " name=value, or does not have them, as name=/=value.",
            invocation -> new EventWait(invocation).run()));
  }

  private void run() throws IOException {
    String token = "";
    while (!fits()) {
      token = changed(token);
    }
  }

  /**
   * Waits for a change; the first time it only takes note of where changes begin, so that none is
   * missed between a look and the wait after it.
   */
  private String changed(String token) throws IOException {
    while (true) {
      try {
        Map<String, Value> batch =
            Values.members(
                invocation.call(
                    "event.from", List.of(classes(), new Value.Text(token), ROUND_SECONDS)));
        String next = Values.text(Values.member(batch, "token"));
        if (token.isEmpty() || !Values.items(Values.member(batch, "events")).isEmpty()) {
          return next;
        }
        token = next;
        invocation.terminal().printError(""); // A user who has gone does not wait any more.
      } catch (ApiError error) {
        if (error.code() != ErrorCode.EVENTS_LOST) {
          throw error;
        }
        return "";
      }
    }
  }

  private Value classes() {
    return Values.of(
        Stream.concat(
                Stream.of(kind.apiClass().toString()),
                SHOWN_OF_OTHERS.getOrDefault(kind.name(), List.of()).stream())
            .toList());
  }

  /** Whether some object is so now. */
  private boolean fits() {
    Objects now = new Objects(invocation.api());
    Filter filter = new Filter(kind);
    Stream.concat(same.stream(), other.stream())
        .forEach(parameter -> filter.place(parameter.name()));
    return filter.select(kind.all(now), same).stream()
        .anyMatch(item ->
            other.stream()
                .noneMatch(
                    parameter -> !filter.select(List.of(item), List.of(parameter)).isEmpty()));
  }
}
