package io.keelson.conformance;

import com.unboundid.ldap.sdk.LDAPException;
import io.keelson.conformance.cases.Cases;
import io.keelson.conformance.cases.Marks;
import io.keelson.conformance.derived.ObjectChecks;
import io.keelson.conformance.derived.Refusals;
import io.keelson.conformance.derived.Subjects;
import io.keelson.conformance.loan.Loans;
import io.keelson.conformance.recording.Example;
import io.keelson.conformance.recording.Recorder;
import io.keelson.conformance.report.Report;
import io.keelson.conformance.report.Tally;
import io.keelson.conformance.roles.GivenLogins;
import io.keelson.conformance.roles.LoanedDirectory;
import io.keelson.conformance.roles.Nobody;
import io.keelson.conformance.roles.RoleChecks;
import io.keelson.conformance.roles.RoleSessions;
import io.keelson.conformance.rpc.Format;
import io.keelson.conformance.rpc.LoginException;
import io.keelson.conformance.rpc.Server;
import io.keelson.conformance.rpc.Session;
import io.keelson.conformance.surface.Surface;
import io.keelson.model.Model;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** One run against one server. */
public final class Suite implements AutoCloseable {
  /** So many calls that take as long as a call may are a case that goes nowhere. */
  private static final int LONGEST_CASE = 3;

  private final Options options;
  private final Server server;
  private final Surface surface;
  private final Tally tally = new Tally();
  private final Recorder recorder;

  /**
   * @throws IllegalArgumentException when it is to measure what there is not
   */
  public Suite(Options options) {
    if (!Cases.anyNamed(options::wants)) {
      throw new IllegalArgumentException("no case has \"" + options.only() + "\" in its name");
    }
    this.options = options;
    this.surface = new Surface(Model.load(), options.classes());
    this.recorder = new Recorder(surface);
    this.server = new Server(options.url(), options.anyCertificate(), options.patience(), recorder);
  }

  /** The calls of the run, as examples. */
  public List<Example> examples() {
    return recorder.examples();
  }

  /** The names of VMs that no run of this suite has made. */
  public List<String> foreignVms(String password) throws LoginException {
    try (Session root = login(password)) {
      return root.value("VM.get_all_records")
          .map(all -> all.valueStream().filter(Suite::isForeign).map(Suite::name).toList())
          .orElse(List.of());
    }
  }

  private static boolean isForeign(JsonNode vm) {
    return !vm.path("is_a_template").asBoolean(false)
        && !vm.path("is_control_domain").asBoolean(false)
        && !vm.path("is_a_snapshot").asBoolean(false)
        && !name(vm).startsWith(Marks.ANY);
  }

  private static String name(JsonNode vm) {
    return vm.path("name_label").asString("");
  }

  /** Measures everything. */
  public Report run(String password) throws LoginException, IOException {
    long started = System.nanoTime();
    recorder.hide(password);
    Subjects.expectAll(surface, tally);
    if (!options.only().isEmpty()) {
      tally.retain(Cases.subjects(options::wants));
    }
    try (Session root = login(password);
        Loans loans = new Loans(options, root, password)) {
      Marks marks = new Marks(options.user(), password);
      Duration longest = options.patience().multipliedBy(LONGEST_CASE);
      Cases cases = new Cases(surface, tally, root, marks, loans, longest);
      if (options.only().isEmpty()) {
        new Refusals(surface, tally, root).run();
        if (options.record().isPresent()) { // what only ever fails is to have an example in each
          new Refusals(surface, tally, root.in(Format.XML_RPC)).run();
        }
        for (Format format : options.formats()) {
          new ObjectChecks(surface, tally, root.in(format), cases).run();
        }
      }
      if (options.only().isEmpty() || cases.needRoles(options::wants)) {
        roles(root, cases);
      }
      Map<String, String> about = new LinkedHashMap<>();
      about.put("server", server.url().toString());
      about.put("version", version(root));
      // The last of them may end the server.
      cases.run(options::wants, options.formats());
      about.put("calls", Long.toString(server.calls()));
      about.put("seconds", "%.1f".formatted((System.nanoTime() - started) / 1e9));
      return new Report(about, tally.all());
    }
  }

  private Session login(String password) throws LoginException {
    return Session.login(server, options.formats().getFirst(), options.user(), password);
  }

  private static String version(Session root) {
    return root.value("host.get_all")
        .flatMap(all -> root.value("host.get_software_version", all.path(0)))
        .map(v ->
            v.path("product_brand").asString("") + " " + v.path("product_version").asString(""))
        .orElse("unknown");
  }

  private void roles(Session root, Cases cases) {
    try (RoleSessions people = people(root)) {
      new RoleChecks(surface, tally, root).run(people);
      Map<String, JsonNode> sessions =
          people.sessions().entrySet().stream()
              .collect(Collectors.toMap(e -> e.getKey().text(), e -> e.getValue().reference()));
      cases.runWith(sessions, people.why(), options::wants, options.formats());
    }
  }

  private RoleSessions people(Session root) {
    try {
      return options.roles().isPresent()
          ? new GivenLogins(root, options.roles().orElseThrow())
          : new LoanedDirectory(
              root, tally, InetAddress.getByName(options.directory().orElse("127.0.0.1")));
    } catch (IOException | LDAPException e) {
      return new Nobody("nobody can log in as they need: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
