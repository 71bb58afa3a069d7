package io.keelson.conformance.roles;

import io.keelson.conformance.derived.Subjects;
import io.keelson.conformance.report.Subject;
import io.keelson.conformance.report.Tally;
import io.keelson.conformance.rpc.Answer;
import io.keelson.conformance.rpc.Session;
import io.keelson.conformance.rpc.Values;
import io.keelson.conformance.surface.Arguments;
import io.keelson.conformance.surface.Message;
import io.keelson.conformance.surface.Role;
import io.keelson.conformance.surface.Surface;
import io.keelson.model.FieldFacts;
import io.keelson.model.TypeExpression;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Every message by every role. Calls name nothing that exists, so that nothing happens even where
 * they are allowed; of messages that would do something all the same, the role's own list of
 * permissions is asked whether it is allowed, and only whoever is to be denied calls.
 */
public final class RoleChecks {
  private static final String DENIED = "RBAC_PERMISSION_DENIED";

  private final Surface surface;
  private final Tally tally;
  private final Session root;
  private final Arguments arguments;

  public RoleChecks(Surface surface, Tally tally, Session root) {
    this.surface = surface;
    this.tally = tally;
    this.root = root;
    this.arguments = new Arguments(surface);
  }

  /** Measures them all. */
  public void run(RoleSessions roles) {
    for (Role role : Role.values()) {
      Optional<Session> session = Optional.ofNullable(roles.sessions().get(role));
      Set<String> permissions = permissions(role);
      for (Message message : surface.messages()) {
        if (!tally.expects(Subjects.role(message, role))) {
          continue;
        }
        session.ifPresentOrElse(
            open -> measure(message, role, open, permissions),
            () -> tally.unmeasured(Subjects.role(message, role), roles.why()));
      }
    }
  }

  private void measure(Message message, Role role, Session open, Set<String> permissions) {
    Subject subject = Subjects.role(message, role);
    tally.attempt(subject, () -> tally.seen(subject, objection(message, role, open, permissions)));
  }

  /** What the server says that the role may do. */
  private Set<String> permissions(Role role) {
    return Set.copyOf(
        root.value("role.get_by_name_label", Values.text(role.text()))
            .filter(found -> !found.isEmpty())
            .map(found -> root.texts("role.get_permissions_name_label", found.get(0)))
            .orElse(List.of()));
  }

  private Optional<String> objection(
      Message message, Role role, Session session, Set<String> permissions) {
    boolean allowed = message.least().filter(least -> role.compareTo(least) >= 0).isPresent();
    if (allowed && !isIdle(message)) {
      return permissions.contains(message.permission())
          ? Optional.empty()
          : Optional.of("the role lacks the permission " + message.permission());
    }
    Answer answer = session.answer(message.wireName(), arguments.idle(message));
    if (answer.isError("SESSION_INVALID")) {
      return Optional.of("the session ended: " + answer.told());
    }
    if (allowed) {
      return answer.isError(DENIED)
          ? Optional.of("allowed, not " + answer.told())
          : Optional.empty();
    }
    boolean right =
        answer instanceof Answer.Failure(List<String> error)
            && error.size() == 3
            && error.getFirst().equals(DENIED)
            && error.get(1).equals(message.permission());
    return right ? Optional.empty() : Optional.of(DENIED + " expected, not " + answer.told());
  }

  /** Whether nothing happens when it is called with names of nothing. */
  private boolean isIdle(Message message) {
    return message.reference().isPresent()
        || message.name().startsWith("get_")
        || message.name().startsWith("ha_compute")
        || message.parameters().stream()
            .flatMap(p ->
                p.type() instanceof TypeExpression.RecordOf(String made)
                    ? surface.constructorFields(made).stream()
                    : Stream.<FieldFacts>empty())
            .anyMatch(f -> Surface.type(f) instanceof TypeExpression.Reference);
  }
}
