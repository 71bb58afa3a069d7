package io.keelson.conformance.roles;

import static io.keelson.conformance.rpc.Values.text;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPException;
import io.keelson.conformance.report.Subject;
import io.keelson.conformance.report.Subject.Kind;
import io.keelson.conformance.report.Tally;
import io.keelson.conformance.rpc.Answer;
import io.keelson.conformance.rpc.LoginException;
import io.keelson.conformance.rpc.Session;
import io.keelson.conformance.rpc.Values;
import io.keelson.conformance.surface.Role;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A directory with a user for each role, which the server is told to ask for as long as this takes.
 * Only a server without external authentication, and that knows directories of type LDAP, can be.
 */
public final class LoanedDirectory implements RoleSessions {
  private static final String BASE = "dc=conformance,dc=invalid";
  private static final String READER = "cn=reader," + BASE;
  private static final JsonNode SERVICE = text("conformance.invalid");
  private static final JsonMapper JSON = new JsonMapper();

  private final Session root;
  private final Tally tally;
  private final String password = UUID.randomUUID().toString();
  private final Map<Role, Session> sessions = new EnumMap<>(Role.class);
  private final List<JsonNode> subjects = new ArrayList<>();
  private final InMemoryDirectoryServer directory;
  private String why = "";
  private boolean enabled;

  /**
   * @param tally is told what works that only a server with a directory can be asked
   * @param address on which the server reaches the directory
   */
  public LoanedDirectory(Session root, Tally tally, InetAddress address) throws LDAPException {
    this.root = root;
    this.tally = tally;
    this.directory = directory(address);
    directory.startListening();
    String url = "ldap://" + address.getHostAddress() + ":" + directory.getListenPort();
    JsonNode config =
        JSON.valueToTree(Map.of("url", url, "tls", "none", "user", READER, "pass", password));
    oneHost(config);
    Answer answer = root.answer("pool.enable_external_auth", pool(), config, SERVICE, text("LDAP"));
    if (answer instanceof Answer.Success) {
      enabled = true;
      pass("pool.enable_external_auth");
      for (Role role : Role.values()) {
        admit(role);
      }
    } else {
      why = "the server takes no directory on loan: " + answer.told();
    }
  }

  /** One host knows the directory before all of them do. */
  private void oneHost(JsonNode config) {
    JsonNode host = root.value("pool.get_master", pool()).orElse(Values.NULL_REFERENCE);
    Answer answer = root.answer("host.enable_external_auth", host, config, SERVICE, text("LDAP"));
    if (answer instanceof Answer.Success) {
      boolean there =
          root.value("host.get_external_auth_service_name", host)
              .filter(SERVICE::equals)
              .isPresent();
      tally.seen(
          Subject.of(Kind.METHOD, "host.enable_external_auth"),
          there ? Optional.empty() : Optional.of("the host's record does not name the directory"));
      root.answer("host.disable_external_auth", host, JSON.valueToTree(Map.of()));
    }
  }

  private JsonNode pool() {
    return root.value("pool.get_all").map(all -> all.path(0)).orElse(Values.NULL_REFERENCE);
  }

  private InMemoryDirectoryServer directory(InetAddress address) throws LDAPException {
    InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(BASE);
    config.setSchema(null);
    config.addAdditionalBindCredentials(READER, password);
    config.setListenerConfigs(InMemoryListenerConfig.createLDAPConfig("plain", address, 0, null));
    InMemoryDirectoryServer server = new InMemoryDirectoryServer(config);
    Entry base = new Entry(BASE);
    base.addAttribute("objectClass", "domain");
    server.add(base);
    for (Role role : Role.values()) {
      Entry user = new Entry("uid=" + user(role) + "," + BASE);
      user.addAttribute("objectClass", "inetOrgPerson");
      user.addAttribute("uid", user(role));
      user.addAttribute("userPassword", password);
      server.add(user);
    }
    return server;
  }

  private static String user(Role role) {
    return "conformance-" + role.text();
  }

  private void admit(Role role) {
    try {
      JsonNode identifier = required("auth.get_subject_identifier", text(user(role)));
      JsonNode subject =
          required(
              "subject.create",
              JSON.valueToTree(
                  Map.of(
                      "subject_identifier", Values.plain(identifier),
                      "other_config", Map.of())));
      subjects.add(subject);
      required("auth.get_group_membership", identifier);
      required("auth.get_subject_information_from_identifier", identifier);
      JsonNode named = required("role.get_by_name_label", text(role.text()));
      required("subject.add_to_roles", subject, named.path(0));
      sessions.put(role, Session.login(root.server(), root.format(), user(role), password));
    } catch (LoginException e) {
      why = String.valueOf(e.getMessage());
    }
  }

  /**
   * Logs in again whose sessions have ended.
   *
   * @throws LoginException when the server does not let them in any more
   */
  public void renew() throws LoginException {
    for (Map.Entry<Role, Session> one : sessions.entrySet()) {
      Session open = one.getValue();
      if (!(open.answer("session.get_uuid", open.reference()) instanceof Answer.Success)) {
        one.setValue(Session.login(root.server(), root.format(), user(one.getKey()), password));
      }
    }
  }

  private JsonNode required(String method, JsonNode... parameters) throws LoginException {
    Answer answer = root.answer(method, parameters);
    if (answer instanceof Answer.Success(JsonNode value)) {
      pass(method);
      return value;
    }
    throw new LoginException(method + ": " + answer.told());
  }

  private void pass(String method) {
    Subject subject = Subject.of(Kind.METHOD, method);
    if (tally.expects(subject)) {
      tally.passed(subject);
    }
  }

  @Override
  public Map<Role, Session> sessions() {
    return Map.copyOf(sessions);
  }

  @Override
  public String why() {
    return why;
  }

  @Override
  public void close() {
    sessions.values().forEach(Session::close);
    subjects.forEach(subject -> root.answer("subject.destroy", subject));
    if (enabled) {
      root.answer("pool.disable_external_auth", pool(), JSON.valueToTree(Map.of()));
    }
    directory.shutDown(true);
  }
}
