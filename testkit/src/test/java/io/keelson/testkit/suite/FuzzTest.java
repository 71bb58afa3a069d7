package io.keelson.testkit.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.conformance.fuzz.FuzzOptions;
import io.keelson.conformance.fuzz.FuzzReport;
import io.keelson.conformance.fuzz.FuzzRun;
import io.keelson.testkit.box.ServerBox;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fuzz suite's short form, against a pool of simulated hosts: nothing is found. */
class FuzzTest {
  @TempDir private Path folder;

  @Test
  void serverAnswersFiftyThousandRequestsInOrder() throws Exception {
    try (ServerBox box = ServerBox.simulated(folder, 3).start()) {
      FuzzOptions options =
          FuzzOptions.parse(
              List.of(
                  box.api().toString(),
                  "--tls",
                  box.tls().orElseThrow().toString(),
                  "--requests",
                  "50000",
                  "--seed",
                  "1",
                  "--pid",
                  Long.toString(box.pid()),
                  "--log",
                  folder.resolve("server.log").toString()));

      FuzzReport report = new FuzzRun(options, ServerBox.PASSWORD, System.out).run();

      System.out.print(report.text());
      assertThat(report.findings()).isEmpty();
      assertThat(report.requests()).isGreaterThanOrEqualTo(50_000);
      assertThat(report.codes()).hasSizeGreaterThan(40);
      assertThat(report.roles()).startsWith("each of the six");
      assertThat(report.heaps()).hasSize(4);
      assertThat(box.stop()).isEqualTo(143);

      ServerBox.Ran ran = box.run("fsck", "--data", box.data().toString());
      assertThat(ran.output()).endsWith("nothing is wrong\n");
      assertThat(ran.status()).isZero();
    }
  }
}
