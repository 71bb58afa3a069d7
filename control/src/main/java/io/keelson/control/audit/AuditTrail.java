package io.keelson.control.audit;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.BoundMessage;
import io.keelson.api.ErrorCode;
import io.keelson.api.MessageSpec;
import io.keelson.api.Reply;
import io.keelson.api.Value;
import io.keelson.api.model.Session;
import io.keelson.control.session.LiveSession;
import io.keelson.control.session.Rights;
import io.keelson.store.Store;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Records what callers do, and what they were kept from doing. An entry is {@code
 * ('trackid=SESSION' 'IDENTIFIER' 'NAME' 'ALLOWED' 'OK' 'API' 'VM.start' (ARGUMENTS))}, as the
 * reference has it; a call that works on hosts has one with BEGUN first, so that one that is cut
 * off by a crash shows.
 */
public final class AuditTrail {
  private static final List<String> READING =
      List.of("get_", "assert_", "query_", "retrieve_", "compute_", "read_", "list_", "is_");
  private static final Set<String> ALSO_READING =
      Set.of("host.has_extension", "host.dmesg", "VM.maximise_memory");
  private static final String OK = "OK";
  private static final String BEGUN = "BEGUN";

  private final Store store;
  private final AuditLog log;

  public AuditTrail(Store store, AuditLog log) {
    this.store = store;
    this.log = log;
  }

  /** Whether calls of a message are recorded: those that do more than to tell something. */
  static boolean records(MessageSpec spec) {
    return !spec.apiClass().equals("event")
        && !ALSO_READING.contains(spec.wireName())
        && READING.stream().noneMatch(spec.name()::startsWith);
  }

  /** Records a call that is refused for its caller's role. */
  public void refused(
      Optional<LiveSession> session, MessageSpec spec, List<Value> arguments, ApiError error) {
    if (records(spec)) {
      log.add(entry(who(session), error, "API", spec.wireName(), arguments(spec, arguments)));
    }
  }

  /** The same work, recorded as it begins and as it ends. */
  public BoundMessage.Invocation recorded(
      Optional<LiveSession> session,
      MessageSpec spec,
      List<Value> arguments,
      BoundMessage.Invocation work) {
    if (!records(spec)) {
      return work;
    }
    // What is destroyed has its names now, and a session that ends its user.
    String told = arguments(spec, arguments);
    String who = who(session);
    return call -> {
      if (spec.async()) {
        log.add(entry(who, true, BEGUN, "API", spec.wireName(), told));
      }
      try {
        Reply reply = work.run(call);
        log.add(entry(who, true, OK, "API", spec.wireName(), told));
        return reply;
      } catch (ApiError error) {
        log.add(entry(who, error, "API", spec.wireName(), told));
        throw error;
      } catch (RuntimeException failure) {
        log.add(entry(who, true, "ERROR:INTERNAL_ERROR", "API", spec.wireName(), told));
        throw failure;
      }
    };
  }

  /** Records a request that is no call of a message, and whether it was let in. */
  public void request(LiveSession session, String action, Optional<ApiError> refusal) {
    String who = who(Optional.of(session));
    log.add(
        refusal
            .map(error -> entry(who, error, "HTTP", action, "()"))
            .orElseGet(() -> entry(who, true, BEGUN, "HTTP", action, "()")));
  }

  private String arguments(MessageSpec spec, List<Value> arguments) {
    return AuditArguments.text(store.snapshot(), spec, arguments);
  }

  /** Of an error the code alone: its parameters may hold what was given. */
  private static String entry(String who, ApiError error, String kind, String what, String told) {
    boolean allowed = error.code() != ErrorCode.RBAC_PERMISSION_DENIED;
    return entry(who, allowed, "ERROR:" + error.code(), kind, what, told);
  }

  private static String entry(
      String who, boolean allowed, String result, String kind, String what, String told) {
    String rest =
        Stream.of(allowed ? "ALLOWED" : "DENIED", result, kind, what)
            .map(AuditText::quoted)
            .collect(Collectors.joining(" "));
    return "(" + who + " " + rest + " " + told + ")";
  }

  private String who(Optional<LiveSession> session) {
    return Stream.of(
            session.map(s -> "trackid=" + AuditText.trail(s.ref().text())).orElse("trackid="),
            session.flatMap(this::identifier).orElse(""),
            session.map(AuditTrail::name).orElse(""))
        .map(AuditText::quoted)
        .collect(Collectors.joining(" "));
  }

  private Optional<String> identifier(LiveSession session) {
    return store.snapshot().find(ApiModel.SESSION, session.ref()).map(Session::authUserSid);
  }

  private static String name(LiveSession session) {
    return switch (session.rights()) {
      case Rights.Everything _ -> "LOCAL_SUPERUSER " + session.userName();
      case Rights.Only _ -> session.userName();
    };
  }
}
