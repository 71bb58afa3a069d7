package io.keelson.control.directory;

import com.unboundid.ldap.sdk.LDAPException;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.Value;
import io.keelson.api.model.Host;
import io.keelson.api.model.Session;
import io.keelson.control.TestControl;
import io.keelson.control.access.RoleRows;
import io.keelson.host.Trust;
import io.keelson.host.directory.LdapDirectories;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A server whose accounts are in a directory, which knows some users and groups. */
final class DirectoryLab implements AutoCloseable {
  final TestDirectory directory;
  TestControl control;
  final String root;
  private final Path folder;
  private final LdapDirectories ldap = new LdapDirectories(Trust.USUAL);
  private final ExternalAuthentication external;

  DirectoryLab(Path folder) throws LDAPException {
    this.folder = folder;
    directory = new TestDirectory();
    for (String name : List.of("alice", "bob", "carol", "root")) {
      directory.addUser(name);
    }
    directory.addGroup("operators", TestDirectory.group("staff"));
    directory.addGroup("staff", TestDirectory.user("alice"), TestDirectory.group("operators"));
    directory.addGroup("readers", TestDirectory.user("alice"), TestDirectory.user("bob"));
    control = opened();
    external =
        new ExternalAuthentication(control.store, control.clock, control.control.sessions(), ldap);
    root = control.session();
  }

  private TestControl opened() {
    return new TestControl(folder, Simulation.open(SimulationPlan.of(1)).drivers().with(ldap));
  }

  /** The server anew, over what it has written. */
  void restart() {
    control.close();
    control = opened();
  }

  private static Value map(Map<String, String> texts) {
    return new Value.Structure(
        texts.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> new Value.Text(e.getValue()))));
  }

  List<String> enable(Map<String, String> settings) {
    return error("host.enable_external_auth", control.host, settings, "example.com", "LDAP");
  }

  List<String> error(String method, Ref<?> target, Map<String, String> settings, String... more) {
    List<Value> arguments =
        new ArrayList<>(
            List.of(new Value.Text(root), new Value.Text(target.text()), map(settings)));
    for (String text : more) {
      arguments.add(new Value.Text(text));
    }
    return TestControl.error(control.callWith(method, arguments));
  }

  List<String> error(String method, String... arguments) {
    return TestControl.error(control.call(method, arguments));
  }

  String answer(String method, String... arguments) {
    return control.answer(method, arguments).toString();
  }

  String identifier(String name) {
    return answer("auth.get_subject_identifier", root, name);
  }

  String subject(String name, String... roles) {
    Value record =
        new Value.Structure(
            Map.of(
                "subject_identifier",
                new Value.Text(identifier(name)),
                "other_config",
                map(Map.of())));
    String ref =
        TestControl.answer(
                control.callWith("subject.create", List.of(new Value.Text(root), record)))
            .toString();
    for (String role : roles) {
      answer("subject.add_to_roles", root, ref, RoleRows.ref(role).text());
    }
    return ref;
  }

  String login(String name) {
    return answer("session.login_with_password", name, TestDirectory.password("alice"));
  }

  Host host() {
    return control.store.snapshot().get(ApiModel.HOST, control.host);
  }

  Session session(String ref) {
    return control.store.snapshot().get(ApiModel.SESSION, Ref.of(ref));
  }

  boolean lives(String session) {
    return error("pool.get_all", session).isEmpty();
  }

  void later(Duration time) {
    control.clock.forward(time);
    external.revalidate();
  }

  @Override
  public void close() {
    control.close();
    directory.close();
  }
}
