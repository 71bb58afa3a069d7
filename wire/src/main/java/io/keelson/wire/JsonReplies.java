package io.keelson.wire;

import io.keelson.api.ApiErrors;
import io.keelson.api.CleanText;
import io.keelson.api.Reply;
import java.util.List;
import java.util.function.Consumer;

/** Whole JSON-RPC responses, in the shape of the version that the request was in. */
public final class JsonReplies {
  /** The code of every error that the API raises; which error it is, its message says. */
  private static final int API_ERROR = 1;

  private static final int PARSE_ERROR = -32700;
  private static final int INVALID_REQUEST = -32600;

  private JsonReplies() {}

  public static Encoded success(JsonEnvelope envelope, Reply reply) {
    return envelope(
        envelope,
        out -> {
          switch (envelope.version()) {
            case V1 -> {
              out.member("result");
              reply.writeTo(out);
              out.member("error");
              out.none();
            }
            case V2 -> {
              out.member("result");
              reply.writeTo(out);
            }
          }
        });
  }

  /**
   * @param description code and parameters
   */
  public static Encoded failure(JsonEnvelope envelope, List<String> description) {
    return error(
        envelope, API_ERROR, description.getFirst(), description.subList(1, description.size()));
  }

  /**
   * What a request is answered with that could not be read, or that is no call. In version 1, which
   * has no codes of its own, it is INVALID_VALUE of the request.
   */
  public static Encoded unreadable(JsonEnvelope envelope, WireException problem) {
    if (problem.kind() == WireException.Kind.INVALID_TEXT) {
      return failure(envelope, ApiErrors.invalidValue(CleanText.COMPLAINT, "").description());
    }
    return switch (envelope.version()) {
      case V1 -> failure(envelope, ApiErrors.invalidValue("request", problem.why()).description());
      case V2 ->
          switch (problem.kind()) {
            case MALFORMED, DOCTYPE, INVALID_TEXT ->
                error(envelope, PARSE_ERROR, "Parse error", List.of(problem.why()));
            case NOT_A_CALL, LIMIT ->
                error(envelope, INVALID_REQUEST, "Invalid Request", List.of(problem.why()));
          };
    };
  }

  /** The replies to a batch in one array. */
  public static Encoded batch(List<Encoded> replies) {
    var bytes = new ByteChunks();
    bytes.put('[');
    for (int i = 0; i < replies.size(); i++) {
      if (i > 0) {
        bytes.put(',');
      }
      replies.get(i).chunks().forEach(bytes::shared);
    }
    bytes.put(']');
    return bytes.finish();
  }

  private static Encoded error(JsonEnvelope envelope, int code, String message, List<String> data) {
    return envelope(
        envelope,
        out -> {
          switch (envelope.version()) {
            case V1 -> {
              out.member("result");
              out.none();
              out.member("error");
              out.beginSequence();
              out.text(message);
              data.forEach(out::text);
              out.endSequence();
            }
            case V2 -> {
              out.member("error");
              out.beginStructure();
              out.member("code");
              out.whole(code);
              out.member("message");
              out.text(message);
              out.member("data");
              out.beginSequence();
              data.forEach(out::text);
              out.endSequence();
              out.endStructure();
            }
          }
        });
  }

  private static Encoded envelope(JsonEnvelope envelope, Consumer<JsonSink> outcome) {
    var bytes = new ByteChunks();
    var out = new JsonSink(bytes);
    out.beginStructure();
    if (envelope.version() == JsonVersion.V2) {
      out.member("jsonrpc");
      out.text("2.0");
    }
    outcome.accept(out);
    out.member("id");
    switch (envelope.id()) {
      case JsonId.Text(var text) -> out.text(text);
      case JsonId.Whole(var number) -> out.whole(number);
      case JsonId.Real(var number) -> out.real(number);
      case JsonId.None() -> out.none();
    }
    out.endStructure();
    return bytes.finish();
  }
}
