package io.keelson.testkit.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.conformance.Options;
import io.keelson.conformance.Suite;
import io.keelson.conformance.report.JsonReport;
import io.keelson.conformance.report.Report;
import io.keelson.conformance.report.Subject.Kind;
import io.keelson.conformance.report.Verdict;
import io.keelson.conformance.rpc.LoginException;
import io.keelson.conformance.surface.Surface;
import io.keelson.model.Model;
import io.keelson.reference.examples.Examples;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole suite against a pool of simulated hosts: all of it is measured, and nothing fails. A
 * figure that has grown is to be put in here.
 */
class ConformanceSuiteTest {
  private static final int METHODS = 392;
  private static final int FIELDS = 606;
  private static final int ERRORS = 4641;
  private static final int ROLES = 8562;
  private static final int IMPLICIT = 1037;

  /** What a server like ours has no use for; see decision 0031. */
  private static final List<String> REFUSED =
      List.of(
          "LVHD.enable_thin_provisioning",
          "console.create",
          "console.destroy",
          "host.license_add",
          "host.license_apply",
          "host_patch.apply",
          "pool.join",
          "pool.join_force");

  private static final String CRASH = "202602030405";

  @TempDir private Path folder;

  @Test
  void nothingFailsAndNothingIsLeftBehind() throws LoginException, IOException {
    Path crashes = folder.resolve("crash");
    Path crash = Files.createDirectories(crashes.resolve(CRASH));
    Files.writeString(crash.resolve("dump." + CRASH), "memory");
    try (ServerBox box =
            ServerBox.simulated(Files.createDirectories(folder.resolve("1")), 3)
                .with("KEELSON_CRASH_FOLDER", crashes.toString())
                .with("KEELSON_AGENT_PAUSE", "1")
                .with("KEELSON_SIM_PLAIN_HOSTS", "1")
                .with("KEELSON_GUEST", guest().toString())
                .start();
        ServerBox second =
            ServerBox.simulated(Files.createDirectories(folder.resolve("2")), 1).start();
        Suite suite = new Suite(Options.parse(words(box, second)))) {
      check(suite, suite.run(ServerBox.PASSWORD));
      for (String made : List.of("plugins", "keelson-conformance-archives")) {
        assertThat(box.data().resolve(made)).as("all is taken away again").doesNotExist();
      }
      box.kill();
      box.start(); // the last case has ended it
      nothingIsLeft(box);
    }
  }

  /** A built-in guest that nobody starts: its template is what is wanted. */
  private Path guest() throws IOException {
    Path guest = Files.createDirectories(folder.resolve("guest"));
    for (String file : List.of("vmlinuz", "initrd")) {
      Files.writeString(guest.resolve(file), "none");
    }
    return guest;
  }

  private static List<String> words(ServerBox box, ServerBox second) {
    return List.of(
        box.tls().orElseThrow().toString(),
        "--any-certificate",
        "--expendable",
        "--data",
        box.data().toString(),
        "--second",
        second.api().toString());
  }

  private void check(Suite suite, Report report) throws IOException {
    assertThat(report.failures()).isEmpty();
    assertThat(report.passed(Kind.METHOD)).as(report.summary()).isGreaterThanOrEqualTo(METHODS);
    assertThat(report.passed(Kind.FIELD)).as(report.summary()).isGreaterThanOrEqualTo(FIELDS);
    assertThat(report.passed(Kind.ERROR)).as(report.summary()).isGreaterThanOrEqualTo(ERRORS);
    assertThat(report.passed(Kind.ROLE)).as(report.summary()).isGreaterThanOrEqualTo(ROLES);
    assertThat(report.passed(Kind.IMPLICIT)).isGreaterThanOrEqualTo(IMPLICIT);
    for (Kind kind : Kind.values()) {
      assertThat(report.passed(kind)).as(report.text(false)).isEqualTo(report.total(kind));
    }
    assertThat(report.ending()).isEqualTo(Report.Ending.COMPLETE);
    assertThat(report.verdicts())
        .as("the contract, all of which can be measured here")
        .allSatisfy((subject, verdict) -> {
          if (subject.name().startsWith("contract: ")) {
            assertThat(verdict).as(subject.name()).isEqualTo(new Verdict.Passed());
          }
        });
    assertThat(report.total(Kind.FIELD)).isEqualTo(606);
    assertThat(report.total(Kind.IMPLICIT)).isEqualTo(1037);
    assertThat(refused(report)).isEqualTo(REFUSED);
    assertThat(report.text(true))
        .contains("VM.start: success ok", "refused by design:")
        .endsWith(report.summary() + "\n");

    Model model = Model.load();
    assertThat(
            new ExampleForms(new Surface(model))
                .differences(Examples.load(model).all(), suite.examples()))
        .as("examples of the reference that are to be recorded anew")
        .isEmpty();

    Path file = folder.resolve("report.json");
    JsonReport.write(report, file);
    assertThat(Files.readString(file)).contains("\"summary\" : \"" + report.summary() + "\"");
  }

  /** The messages that are refused by design. */
  private static List<String> refused(Report report) {
    return report.verdicts().entrySet().stream()
        .filter(e -> e.getKey().kind() == Kind.METHOD)
        .filter(e -> e.getValue() instanceof Verdict.Refuses)
        .map(e -> e.getKey().name())
        .toList();
  }

  private static void nothingIsLeft(ServerBox box) {
    try (Api api = box.login(Format.JSON_RPC)) {
      for (String apiClass : List.of("VM", "VDI", "SR", "network", "VMPP", "VM_appliance")) {
        assertThat(api.call(apiClass + ".get_all_records").valueStream())
            .noneMatch(r -> r.path("name_label").asString().startsWith("keelson-conformance"));
      }
    }
  }
}
