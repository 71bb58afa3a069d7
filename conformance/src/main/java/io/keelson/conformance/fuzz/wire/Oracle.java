package io.keelson.conformance.fuzz.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.keelson.conformance.fuzz.make.Request;
import io.keelson.conformance.fuzz.make.Wanted;
import io.keelson.conformance.fuzz.wire.Connection.Outcome;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Says what is wrong with an answer. */
public final class Oracle {
  /** Keys of maps may be as long as any text. */
  private static final JsonMapper JSON =
      new JsonMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxNameLength(Integer.MAX_VALUE).build())
              .build());

  private static final XMLInputFactory XML = factory();
  private static final int READ_WHOLE = 128 << 10;

  private static final Set<Integer> STATUSES =
      Set.of(
          100, 101, 200, 204, 206, 301, 302, 304, 400, 401, 403, 404, 405, 406, 408, 409, 411, 412,
          413, 414, 415, 416, 417, 426, 431, 500, 501, 503, 505, 507);

  /** What a trace of a program in Java has in it, and no answer of the API. */
  private static final Pattern TRACE =
      Pattern.compile(
          "\\n\\s+at [a-z]|Exception in"
              + " thread|\\b(java|javax|jdk|io\\.keelson|io\\.netty|org\\.apache"
              + "|tools\\.jackson|com\\.sun|sun)\\.[a-z]+(\\.[a-z]+)*\\.[A-Z]\\w+");

  private static final List<String> HINTS =
      List.of(
          "java", "jdk.", "io.keelson", "io.netty", "org.apache", "jackson", "sun.", "Exception");

  private static final Pattern REFUSED =
      Pattern.compile(
          "<name>Status</name>\\s*<value>(?:<string>)?Failure.*?<name>ErrorDescription</name>\\s*"
              + "<value><array><data><value>(?:<string>)?([^<]*)",
          Pattern.DOTALL);
  private static final Pattern ANSWERED =
      Pattern.compile("<name>Status</name>\\s*<value>(?:<string>)?Success");
  private static final Pattern REFERENCE =
      Pattern.compile("<name>Value</name>\\s*<value>(?:<string>)?(OpaqueRef:[^<]*)");

  /** The message that tells with INTERNAL_ERROR, as the reference does, of another's failure. */
  private static final String OF_OTHERS = "send_test_post";

  /** Answers that hold the server's log, or parts of it. */
  private static final Set<String> OF_THE_LOG =
      Set.of("host.get_log", "/host_logs_download", "/system-status", "/audit_log");

  /** How servers have xe tell of INTERNAL_ERROR, ours and the reference. */
  private static final List<String> INTERNAL =
      List.of("failed where it should not have", "due to an internal error");

  private final Set<String> codes;

  /**
   * @param codes that the API has
   */
  public Oracle(Set<String> codes) {
    this.codes = codes;
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    return factory;
  }

  Verdict of(Request request, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Silent() -> request.mayWait() ? Verdict.good() : Verdict.bad("no answer");
      case Outcome.Left() -> Verdict.good();
      case Outcome.Spoken(String text) -> spoken(request, text);
      case Outcome.Ended(String how) ->
          request.wanted().mayEnd() ? Verdict.good() : Verdict.bad("the connection ended: " + how);
      case Outcome.Answered(List<Reply> replies) ->
          replies.stream()
              .map(reply -> of(request, reply))
              .filter(v -> v.objection().isPresent())
              .findFirst()
              .orElseGet(() -> of(request, replies.getLast()));
    };
  }

  private Verdict of(Request request, Reply reply) {
    Optional<String> trace = trace(request, reply.body());
    if (trace.isPresent()) {
      return Verdict.bad("tells of the program: " + trace.get());
    }
    if (!STATUSES.contains(reply.status())) {
      return Verdict.bad("status " + reply.status());
    }
    boolean whole = reply.length() == reply.body().length();
    return switch (request.wanted()) {
      case XML, JSON ->
          reply.status() == 413
              ? Verdict.good()
              : reply.status() != 200
                  ? Verdict.bad("status " + reply.status() + ": " + start(reply.body()))
                  : !whole
                      ? Verdict.good()
                      : request.wanted() == Wanted.XML
                          ? xml(request, reply.body())
                          : json(request, reply.body());
      case REPLY, ANYTHING, PART, THIN, NOTHING -> page(reply);
    };
  }

  /** A server greets whoever sends a command; to what is no command it says so in HTTP. */
  private static Verdict spoken(Request request, String text) {
    Optional<String> trace = trace(request, text);
    if (trace.isPresent()) {
      return Verdict.bad("tells of the program: " + trace.get());
    }
    boolean right = text.isEmpty() || text.startsWith(Request.XE) || text.startsWith("HTTP/1.1 4");
    return right && INTERNAL.stream().noneMatch(text::contains)
        ? Verdict.good()
        : Verdict.bad("of a command: " + start(text));
  }

  private static Optional<String> trace(Request request, String body) {
    if (OF_THE_LOG.contains(request.about())) {
      return Optional.empty();
    }
    if (HINTS.stream().noneMatch(body::contains)) { // most bodies are done with so
      return Optional.empty();
    }
    Matcher found = TRACE.matcher(body);
    return found.find() ? Optional.of(around(body, found.start())) : Optional.empty();
  }

  /** An error of HTTP is a page, or the code of the API's error as text. */
  private Verdict page(Reply reply) {
    if (reply.status() < 400 || reply.body().isEmpty()) {
      return reply.status() == 500 ? Verdict.bad("status 500 and no word why") : Verdict.good();
    }
    String type = reply.headers().getOrDefault("content-type", "");
    if (type.startsWith("text/html") && reply.status() != 500) {
      return reply.body().contains("<title>HTTP " + reply.status())
          ? Verdict.good()
          : Verdict.bad("no page of an error: " + start(reply.body()));
    }
    String code = reply.body().split("\n", 2)[0].strip();
    boolean known = codes.contains(code);
    if (code.equals("INTERNAL_ERROR") || (reply.status() == 500 && !known)) {
      return Verdict.bad("status " + reply.status() + ": " + start(reply.body()));
    }
    return Verdict.good();
  }

  private Verdict xml(Request request, String body) {
    Optional<String> broken = body.length() > READ_WHOLE ? Optional.empty() : broken(body);
    if (broken.isPresent()) {
      return Verdict.bad("no XML: " + broken.get() + " in " + start(body));
    }
    Matcher refused = REFUSED.matcher(body);
    if (ANSWERED.matcher(body).find()) {
      Matcher reference = REFERENCE.matcher(body);
      return Verdict.done(reference.find() ? Optional.of(reference.group(1)) : Optional.empty());
    }
    if (refused.find()) {
      return refused(request, refused.group(1), body);
    }
    boolean fault = body.contains("<methodResponse><fault>") && body.contains("faultCode");
    boolean bare = body.startsWith("<?xml version=\"1.0\"?><methodResponse><params><param>");
    return fault || bare ? Verdict.good() : Verdict.bad("no response: " + start(body));
  }

  private static Optional<String> broken(String body) {
    try {
      XMLStreamReader reader =
          XML.createXMLStreamReader(
              new StringReader(
                  new String(body.getBytes(ISO_8859_1), java.nio.charset.StandardCharsets.UTF_8)));
      while (reader.hasNext()) {
        reader.next();
      }
      return Optional.empty();
    } catch (XMLStreamException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private Verdict json(Request request, String body) {
    if (body.length() > READ_WHOLE) {
      return Verdict.good();
    }
    try {
      JsonNode reply =
          JSON.readTree(
              new String(body.getBytes(ISO_8859_1), java.nio.charset.StandardCharsets.UTF_8));
      if (reply.isArray()) {
        return Verdict.good(); // of a batch
      }
      JsonNode error = reply.path("error");
      if (error.isArray() && !error.isEmpty()) {
        return refused(request, error.get(0).asString(""), body);
      }
      if (error.isObject() && error.path("message").isString() && error.path("code").isInt()) {
        return error.path("code").asInt() < 0
            ? Verdict.good()
            : refused(request, error.path("message").asString(), body);
      }
      if (!reply.has("result") || !reply.has("id")) {
        return Verdict.bad("no response: " + start(body));
      }
      JsonNode result = reply.path("result");
      return Verdict.done(
          result.isString() && result.asString().startsWith("OpaqueRef:")
              ? Optional.of(result.asString())
              : Optional.empty());
    } catch (JacksonException e) {
      return Verdict.bad("no JSON: " + e.getOriginalMessage() + " in " + start(body));
    }
  }

  private Verdict refused(Request request, String code, String body) {
    boolean told = code.equals("INTERNAL_ERROR") && !request.raw().contains(OF_OTHERS);
    return told || !isKnown(code)
        ? Verdict.bad((told ? "" : "no code of the API: ") + start(body))
        : Verdict.refused(code);
  }

  /** Whether the API has that code. */
  public boolean isKnown(String code) {
    return codes.contains(code);
  }

  private static String start(String text) {
    return text.substring(0, Math.min(400, text.length())).replaceAll("\\s+", " ");
  }

  private static String around(String text, int at) {
    return text.substring(Math.max(0, at - 60), Math.min(text.length(), at + 240))
        .replaceAll("\\s+", " ");
  }
}
