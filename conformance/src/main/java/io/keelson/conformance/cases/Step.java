package io.keelson.conformance.cases;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * One step of a case. The keys of its YAML:
 *
 * <ul>
 *   <li>{@code call}: the message and its parameters, the session aside
 *   <li>{@code http}: instead of a call, the verb and the path of a request; {@code version} of
 *       HTTP, {@code headers}, and the {@code body} as text or bytes or, under {@code json}, as
 *       JSON. The result has {@code status}, {@code headers}, {@code text}, {@code json} and {@code
 *       bytes}. {@code twice}: the request is sent again on the connection; {@code ends}: the
 *       server ends the connection; {@code hold}: what comes back is not read, until a step {@code
 *       drop} ends the connection
 *   <li>{@code see}: instead of a call, a value that is looked at
 *   <li>{@code later}: the call is made while the case goes on; {@code end}, instead of a call,
 *       waits for what it comes to
 *   <li>{@code by}: another session than root's; {@code bare: true} for none at all
 *   <li>{@code error}: the code and parameters that it is refused with; {@code _} stands for any
 *       text, {@code ...} at the end for any that follow
 *   <li>{@code is}, {@code not}, {@code has}, {@code contains}, {@code lacks}, {@code size}, {@code
 *       matches}, {@code least}: what the result is, is not, has among its members, has in it, has
 *       not in it, how many it has, a regular expression, a least number
 *   <li>{@code as}: the variable that the result is kept in; {@code at}: only that member of it
 *   <li>{@code pick}: a regular expression, whose first match in the result is kept
 *   <li>{@code need}: what the server lacks where the result has no such member, or is otherwise
 *   <li>{@code where}: of a map of records, the first one with these members is meant, by its key
 *   <li>{@code unless}: the error by which a server says that it lacks what {@code need} names
 *   <li>{@code refusal}: the error that is as true an answer as a success, for the reason that
 *       {@code why} gives: the case ends with it, and is right
 *   <li>{@code on: second}: the second server is asked, and not the one that is measured
 *   <li>{@code gone}: seconds in which the server answers no more
 *   <li>{@code get}: a path of the server, whose file is kept; {@code put}: a path and the file
 *       that goes there; {@code lend}: an address on loan and the file that is to be had there;
 *       {@code sent}: an address on loan, whose text is looked at
 *   <li>{@code undo}: calls that take it back at the end; {@code vm} for all of a VM
 *   <li>{@code task}: how the task ends that the call answers with
 *   <li>{@code within}: seconds in which the result becomes what it is to be; the server lacks what
 *       {@code need} names if it does not
 *   <li>{@code let}: variables to set
 *   <li>{@code times}: how often {@code steps} are run
 * </ul>
 */
record Step(JsonNode yaml) {
  private static final Set<String> KEYS =
      Set.of(
          "call",
          "http",
          "version",
          "headers",
          "body",
          "json",
          "twice",
          "ends",
          "hold",
          "drop",
          "see",
          "later",
          "end",
          "pick",
          "by",
          "bare",
          "error",
          "is",
          "not",
          "has",
          "contains",
          "lacks",
          "size",
          "matches",
          "least",
          "as",
          "at",
          "need",
          "where",
          "unless",
          "refusal",
          "why",
          "gone",
          "on",
          "get",
          "put",
          "lend",
          "sent",
          "undo",
          "task",
          "within",
          "let",
          "times",
          "steps");

  Step {
    if (!yaml.isObject() || !KEYS.containsAll(yaml.propertyNames())) {
      throw new IllegalArgumentException("no step: " + yaml);
    }
  }

  Optional<JsonNode> get(String key) {
    return yaml.has(key) ? Optional.of(yaml.path(key)) : Optional.empty();
  }

  String text(String key) {
    return yaml.path(key).asString("");
  }

  boolean has(String key) {
    return yaml.has(key);
  }

  /** The steps that it repeats. */
  List<Step> inner() {
    return yaml.path("steps").valueStream().map(Step::new).toList();
  }

  /** The message that it calls, without the word that makes it asynchronous. */
  Optional<String> method() {
    return get("call").map(call -> call.path(0).asString().replaceFirst("^Async\\.", ""));
  }
}
