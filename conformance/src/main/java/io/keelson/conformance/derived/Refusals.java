package io.keelson.conformance.derived;

import io.keelson.conformance.report.Tally;
import io.keelson.conformance.rpc.Answer;
import io.keelson.conformance.rpc.Format;
import io.keelson.conformance.rpc.Session;
import io.keelson.conformance.rpc.Values;
import io.keelson.conformance.surface.Arguments;
import io.keelson.conformance.surface.Message;
import io.keelson.conformance.surface.Message.Parameter;
import io.keelson.conformance.surface.Surface;
import io.keelson.model.TypeExpression;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The errors that any message answers with: none of the calls here can change anything. */
public final class Refusals {
  private static final String COUNT = "MESSAGE_PARAMETER_COUNT_MISMATCH";
  private static final String TYPE = "FIELD_TYPE_ERROR";
  private static final String SESSION = "SESSION_INVALID";
  private static final String HANDLE = "HANDLE_INVALID";

  private final Surface surface;
  private final Tally tally;
  private final Session root;
  private final Arguments arguments;

  public Refusals(Surface surface, Tally tally, Session root) {
    this.surface = surface;
    this.tally = tally;
    this.root = root;
    this.arguments = new Arguments(surface);
  }

  /** Those that a message answers with by what its parameters are. */
  static List<String> errors(Message message) {
    List<String> codes = new ArrayList<>();
    if (miscounted(message).isPresent()) {
      codes.add(COUNT);
    }
    if (wronglyTyped(message).isPresent()) {
      codes.add(TYPE);
    }
    if (message.session()) {
      codes.add(SESSION);
    }
    if (message.reference().isPresent()) {
      codes.add(HANDLE);
    }
    return codes;
  }

  /** Measures them all. */
  public void run() {
    for (Message message : surface.messages()) {
      tally.attempt(Subjects.of(message), () -> measure(message));
    }
  }

  private void measure(Message message) {
    if (message.removed() && isRemoved(message)) {
      Subjects.withdraw(message, tally);
    } else {
      errors(message).forEach(code -> measure(message, code));
    }
  }

  private boolean isRemoved(Message message) {
    return root.answer(message.wireName(), arguments.idle(message)).isError("MESSAGE_REMOVED");
  }

  private void measure(Message message, String code) {
    List<JsonNode> idle = arguments.idle(message);
    JsonNode dead = Values.deadReference();
    Answer answer =
        switch (code) {
          case COUNT -> count(message, miscounted(message).orElseThrow());
          case TYPE -> root.answer(message.wireName(), wrong(message));
          case SESSION -> deadSession(message, dead, idle);
          default -> root.answer(message.wireName(), idle);
        };
    if (answer.isError("NOT_IMPLEMENTED")) {
      tally.missing(Subjects.of(message), "it says that it lacks it");
      tally.unmeasured(Subjects.error(message, code), "the server lacks the message");
      return;
    }
    if (answer.isError("MESSAGE_DEPRECATED") || isFirst(message, code, answer)) {
      tally.withdraw(Subjects.error(message, code)); // it says so before anything else
      return;
    }
    boolean right =
        answer instanceof Answer.Failure(List<String> error)
            && isRight(message, code, error, dead, idle);
    tally.seen(
        Subjects.error(message, code),
        right ? Optional.empty() : Optional.of(code + " expected, not " + answer.told()));
  }

  /** An archive is fetched before it is known where it goes. */
  private static boolean isFirst(Message message, String code, Answer answer) {
    return code.equals(HANDLE)
        && message.wireName().equals("VM.import")
        && (answer.isError("IMPORT_ERROR") || answer.isError("VALUE_NOT_SUPPORTED"));
  }

  /** With all that the error is to tell: what was counted, which session, which object. */
  private static boolean isRight(
      Message message, String code, List<String> error, JsonNode dead, List<JsonNode> idle) {
    return switch (code) {
      case COUNT ->
          error.equals(
              List.of(
                  COUNT,
                  message.wireName(),
                  Integer.toString(message.mandatory()),
                  Integer.toString(miscounted(message).orElseThrow())));
      case SESSION -> error.equals(List.of(SESSION, dead.asString()));
      case HANDLE ->
          error.size() == 3
              && error.getFirst().equals(HANDLE)
              && idle.stream().anyMatch(value -> isIn(value, error.getLast()));
      default -> error.size() >= 2 && error.getFirst().equals(code);
    };
  }

  private static boolean isIn(JsonNode value, String text) {
    return value.isContainer()
        ? value.valueStream().anyMatch(item -> isIn(item, text))
        : value.asString("").equals(text);
  }

  /** A number of parameters that is too small, or too big where none are too few. */
  private static Optional<Integer> miscounted(Message message) {
    if (message.mandatory() > 0) {
      return Optional.of(message.mandatory() - 1);
    }
    return message.parameters().isEmpty() ? Optional.of(1) : Optional.empty();
  }

  private Answer count(Message message, int number) {
    List<JsonNode> all = Collections.nCopies(number, Values.text(""));
    return message.session()
        ? root.answer(message.wireName(), all)
        : root.server().call(root.format(), message.wireName(), all);
  }

  private Answer deadSession(Message message, JsonNode dead, List<JsonNode> idle) {
    List<JsonNode> all = new ArrayList<>();
    all.add(dead);
    all.addAll(idle);
    return root.server().call(Format.XML_RPC, message.wireName(), all);
  }

  private static Optional<Parameter> wronglyTyped(Message message) {
    return message.session()
        ? message.parameters().stream()
            .filter(p -> !(p.type() instanceof TypeExpression.Reference))
            .findFirst()
        : Optional.empty();
  }

  private List<JsonNode> wrong(Message message) {
    Parameter wrong = wronglyTyped(message).orElseThrow();
    return message.parameters().stream()
        .map(p -> p.equals(wrong) ? Arguments.wrong(p.type()) : arguments.idle(p.type()))
        .toList();
  }
}
