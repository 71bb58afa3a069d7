package io.keelson.conformance.fuzz;

import com.unboundid.ldap.sdk.LDAPException;
import io.keelson.conformance.fuzz.make.Request;
import io.keelson.conformance.fuzz.wire.Verdict;
import io.keelson.conformance.report.Tally;
import io.keelson.conformance.roles.LoanedDirectory;
import io.keelson.conformance.rpc.Answer;
import io.keelson.conformance.rpc.Format;
import io.keelson.conformance.rpc.LoginException;
import io.keelson.conformance.rpc.Server;
import io.keelson.conformance.rpc.Session;
import io.keelson.conformance.rpc.Values;
import io.keelson.conformance.surface.Message;
import io.keelson.conformance.surface.Role;
import io.keelson.conformance.surface.Surface;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** In whose sessions requests are sent: one of the user of the run, and one of each role. */
final class People implements AutoCloseable {
  private static final String MINE = "session";
  private static final String ASYNC = "Async.";

  private final Server server;
  private final String user;
  private final String password;
  private final Session tidier;
  private final Optional<LoanedDirectory> directory;
  private final String why;
  private final Map<String, String> sessions = new ConcurrentHashMap<>();

  /**
   * Lends the server a directory with a user of each role; one on this machine reaches it.
   *
   * @param user of the run, who may do everything
   * @throws LoginException when that one may not log in
   */
  People(Server server, String user, String password) throws LoginException {
    this.server = server;
    this.user = user;
    this.password = password;
    this.tidier = login();
    Optional<LoanedDirectory> lent = Optional.empty();
    String not = "";
    try {
      lent =
          Optional.of(new LoanedDirectory(tidier, new Tally(), InetAddress.getLoopbackAddress()));
      not = lent.orElseThrow().why();
    } catch (LDAPException e) {
      not = String.valueOf(e.getMessage());
    }
    this.directory = lent;
    this.why = not;
    renew();
  }

  private Session login() throws LoginException {
    return Session.login(server, Format.JSON_RPC, user, password);
  }

  /** The session that requests know nothing of, and do not end. */
  Session tidier() {
    return tidier;
  }

  /** Logs in anew where requests have ended their own session. */
  void renew() throws LoginException {
    Session mine =
        new Session(server, Format.JSON_RPC, Values.text(sessions.getOrDefault(MINE, "")));
    if (!(mine.answer("session.get_uuid", mine.reference()) instanceof Answer.Success)) {
      sessions.put(MINE, login().reference().asString(""));
    }
    if (directory.isPresent()) {
      LoanedDirectory lent = directory.orElseThrow();
      lent.renew();
      lent.sessions()
          .forEach((role, session) -> sessions.put(name(role), session.reference().asString("")));
    }
  }

  private static String name(Role role) {
    return Request.OF_ROLE + role.text();
  }

  /** The session that a name stands for; the user's own where nobody has the role. */
  Optional<String> named(String name) {
    boolean known = name.equals(MINE) || name.startsWith(Request.OF_ROLE);
    return Optional.ofNullable(sessions.get(name))
        .or(() -> known ? Optional.of(sessions.getOrDefault(MINE, "")) : Optional.empty());
  }

  /** What roles requests are sent with. */
  String told() {
    return why.isEmpty() ? "each of the six, and the local superuser" : "one alone: " + why;
  }

  /**
   * What is wrong with a success: somebody did what another role is needed for. Keys of maps have
   * roles of their own, and a call whose bytes were changed may be another one.
   */
  Optional<String> trespass(Surface surface, Request request, Verdict verdict) {
    Optional<Role> role = request.role().filter(r -> sessions.containsKey(name(r)));
    if (role.isEmpty() || !verdict.success()) {
      return Optional.empty();
    }
    Predicate<Role> enough = least -> role.orElseThrow().compareTo(least) >= 0;
    String message =
        request.about().startsWith(ASYNC)
            ? request.about().substring(ASYNC.length())
            : request.about();
    return surface
        .message(message)
        .filter(Message::session)
        .filter(m -> !m.kind().equals("add_to_") && !m.kind().equals("remove_from_"))
        .filter(m -> m.least().filter(enough).isEmpty())
        .map(m -> "done for a " + role.orElseThrow().text());
  }

  @Override
  public void close() {
    directory.ifPresent(LoanedDirectory::close);
    tidier.close();
  }
}
