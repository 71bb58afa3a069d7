package io.keelson.server;

import io.keelson.api.AccessRole;
import io.keelson.api.ApiError;
import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.api.Type;
import io.keelson.api.Types;
import io.keelson.api.model.Task;
import io.keelson.control.gate.Admission;
import io.keelson.control.gate.Caller;
import io.keelson.control.gate.Credentials.Administrator;
import io.keelson.control.gate.Credentials.NameAndPassword;
import io.keelson.control.gate.Credentials.SessionReference;
import io.keelson.control.gate.Gate;
import io.keelson.control.gate.HttpAction;
import io.keelson.control.gate.Outcome;
import io.keelson.http.Authenticator;
import io.keelson.http.Peer;
import io.keelson.http.RpcEndpoint;
import io.keelson.http.RpcOutcome;
import io.keelson.wire.RpcRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The gate, as the edge knows it: every path in goes through here. */
final class GateEndpoint implements RpcEndpoint, Authenticator {
  private static final Type<List<String>> TEXTS = new Type.ListOf<>(Types.STRING);

  private final Gate gate;
  private final Set<HttpAction> open;

  /**
   * @param open what may be done without a login
   */
  GateEndpoint(Gate gate, Set<HttpAction> open) {
    this.gate = gate;
    this.open = Set.copyOf(open);
  }

  @Override
  public RpcOutcome call(RpcRequest request, Peer peer) {
    return switch (gate.call(request.method(), request.params(), new Caller(peer.origin()))) {
      case Outcome.Answered(Reply reply) -> new RpcOutcome.Answer(reply);
      case Outcome.Failed(ApiError error) -> new RpcOutcome.Failure(error);
      case Outcome.BareArray(List<String> items) ->
          new RpcOutcome.BareAnswer(Reply.of(TEXTS, items));
    };
  }

  /**
   * {@inheritDoc}
   *
   * <p>For a name and a password a session is opened, which ends with the request.
   */
  @Override
  public Verdict check(
      Credentials credentials, String action, AccessRole least, Peer peer, Optional<String> task) {
    if (open.contains(HttpAction.of(action))) {
      return new Verdict.Admitted(Optional.empty(), () -> {});
    }
    Caller caller = new Caller(peer.origin());
    return switch (credentials) {
      case Credentials.Session(String ref) ->
          check(new SessionReference(ref), action, caller, task);
      case Credentials.Basic(String user, String password) ->
          check(new NameAndPassword(user, password), action, caller, task);
      case Credentials.None() ->
          peer.origin().administrator()
              ? check(new Administrator(), action, caller, task)
              : new Verdict.Unknown();
    };
  }

  private Verdict check(
      io.keelson.control.gate.Credentials credentials,
      String action,
      Caller caller,
      Optional<String> task) {
    try {
      Admission admission =
          gate.authorise(credentials, HttpAction.of(action), caller, task.map(Ref::<Task>of));
      return new Verdict.Admitted(Optional.of(admission.session().text()), admission::close);
    } catch (ApiError error) {
      return switch (error.code()) {
        case RBAC_PERMISSION_DENIED -> new Verdict.Forbidden();
        default -> new Verdict.Unknown();
      };
    }
  }
}
