package io.keelson.conformance.recording;

import io.keelson.conformance.rpc.Answer;
import io.keelson.conformance.rpc.Exchange;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** How much a call tells a reader. */
final class Worth {
  /** Those that any message answers with, the least telling first. */
  private static final List<String> OF_ANY =
      List.of(
          "NOT_IMPLEMENTED",
          "SESSION_INVALID",
          "RBAC_PERMISSION_DENIED",
          "MESSAGE_PARAMETER_COUNT_MISMATCH",
          "FIELD_TYPE_ERROR",
          "HANDLE_INVALID");

  private Worth() {}

  /** An answer with something in it tells most. */
  static int ofSuccess(Exchange exchange) {
    if (!(exchange.answer() instanceof Answer.Success(JsonNode value))) {
      return 0;
    }
    boolean plain = exchange.method().endsWith(".get_uuid");
    return isEmpty(value) ? 1 : plain ? 2 : 3;
  }

  /** The message's own errors tell most. */
  static int ofFailure(Answer.Failure failure) {
    int place = OF_ANY.indexOf(failure.code());
    return place < 0 ? OF_ANY.size() : place;
  }

  private static boolean isEmpty(JsonNode value) {
    return value.isContainer()
        ? value.isEmpty()
        : List.of("", "OpaqueRef:NULL").contains(value.asString(""));
  }
}
