package io.keelson.testkit.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.conformance.Options;
import io.keelson.conformance.Suite;
import io.keelson.conformance.report.JsonReport;
import io.keelson.conformance.report.Report;
import io.keelson.conformance.report.Subject.Kind;
import io.keelson.conformance.rpc.LoginException;
import io.keelson.testkit.box.RunsOn;
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
 * The whole suite against a pool of simulated hosts: nothing fails, and as much is measured as was
 * before. A figure that has grown is to be put in here.
 */
@RunsOn(hosts = 3, shared = false)
class ConformanceSuiteTest {
  private static final int METHODS = 286;
  private static final int FIELDS = 541;
  private static final int ERRORS = 4585;
  private static final int ROLES = 8562;
  private static final int IMPLICIT = 930;

  @TempDir private Path folder;

  private final ServerBox box;

  ConformanceSuiteTest(ServerBox box) {
    this.box = box;
  }

  @Test
  void nothingFailsAndNothingIsLeftBehind() throws LoginException, IOException {
    Report report = new Suite(Options.parse(List.of(box.api().toString()))).run(ServerBox.PASSWORD);

    assertThat(report.failures()).isEmpty();
    assertThat(report.passed(Kind.METHOD)).as(report.summary()).isGreaterThanOrEqualTo(METHODS);
    assertThat(report.passed(Kind.FIELD)).as(report.summary()).isGreaterThanOrEqualTo(FIELDS);
    assertThat(report.passed(Kind.ERROR)).as(report.summary()).isGreaterThanOrEqualTo(ERRORS);
    assertThat(report.passed(Kind.ROLE)).as(report.summary()).isGreaterThanOrEqualTo(ROLES);
    assertThat(report.passed(Kind.IMPLICIT)).isGreaterThanOrEqualTo(IMPLICIT);
    assertThat(report.total(Kind.FIELD)).isEqualTo(608);
    assertThat(report.total(Kind.IMPLICIT)).isEqualTo(1037);
    assertThat(report.text(true))
        .contains("VM.start: success ok")
        .endsWith(report.summary() + "\n");

    Path file = folder.resolve("report.json");
    JsonReport.write(report, file);
    assertThat(Files.readString(file)).contains("\"summary\" : \"" + report.summary() + "\"");

    try (Api api = box.login(Format.JSON_RPC)) {
      for (String apiClass : List.of("VM", "VDI", "SR", "network", "VMPP", "VM_appliance")) {
        assertThat(api.call(apiClass + ".get_all_records").valueStream())
            .noneMatch(r -> r.path("name_label").asString().startsWith("keelson-conformance"));
      }
    }
  }
}
