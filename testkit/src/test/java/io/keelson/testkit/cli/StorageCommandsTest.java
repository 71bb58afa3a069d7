package io.keelson.testkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.ServerBox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repositories and the connections of hosts to them. */
class StorageCommandsTest {
  @TempDir private static Path folder;
  private static ServerBox box;
  private static Xe xe;
  private static String host;

  @BeforeAll
  static void start() {
    box = ServerBox.simulated(folder, 2).start();
    xe = Xe.of(box);
    host = xe.line("pool-list", "params=master", "--minimal");
  }

  @AfterAll
  static void stop() {
    box.close();
  }

  private static String repository(String name, String... more) {
    String[] words = {
      "sr-create", "name-label=" + name, "type=file", "host-uuid=" + host, "content-type=user"
    };
    String[] all = new String[words.length + more.length];
    System.arraycopy(words, 0, all, 0, words.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return xe.line(all);
  }

  private static String sr(String uuid, String parameter) {
    return xe.line("sr-param-get", "uuid=" + uuid, "param-name=" + parameter);
  }

  private static String pbd(String sr) {
    return xe.line("pbd-list", "sr-uuid=" + sr, "--minimal");
  }

  @Test
  void aRepositoryIsMadeScannedAndDestroyed() {
    String uuid = repository("made", "device-config:location=/made", "physical-size=10GiB");
    assertThat(xe.line("sr-list", "name-label=made", "--minimal")).isEqualTo(uuid);
    assertThat(sr(uuid, "type")).isEqualTo("file");
    assertThat(sr(uuid, "content-type")).isEqualTo("user");
    assertThat(xe.line("pbd-list", "sr-uuid=" + uuid, "params=device-config", "--minimal"))
        .isEqualTo("location: /made");
    xe.ok("sr-scan", "uuid=" + uuid);
    xe.ok("sr-update", "uuid=" + uuid);
    assertThat(xe.refusal("sr-destroy", "uuid=" + uuid)).contains("SR: " + uuid + " (made)");
    xe.ok("pbd-unplug", "uuid=" + pbd(uuid));
    xe.ok("sr-destroy", "uuid=" + uuid);
    assertThat(xe.line("sr-list", "name-label=made", "--minimal")).isEmpty();
  }

  @Test
  void whatARepositoryNeedsMayBeInAFile() throws IOException {
    Path location = folder.resolve("location");
    Files.writeString(location, "/from-a-file");
    String uuid = repository("from a file", "device-config-location-filename=" + location);
    assertThat(
            xe.line(
                "pbd-param-get",
                "uuid=" + pbd(uuid),
                "param-name=device-config",
                "param-key=location"))
        .isEqualTo("/from-a-file");
    assertThat(
            xe.refusal(
                "sr-create",
                "name-label=none",
                "type=file",
                "host-uuid=" + host,
                "device-config:location-filename=" + folder.resolve("missing")))
        .isEqualTo("Error: File not found: " + folder.resolve("missing") + "\n");
  }

  @Test
  void aRepositoryThatIsNotSharedNeedsAHost() {
    assertThat(xe.refusal("sr-create", "name-label=nowhere", "type=file"))
        .isEqualTo("Error: Required parameter not found: host-uuid\n");
    assertThat(
            xe.refusal(
                "sr-create",
                "name-label=nowhere",
                "type=file",
                "host-uuid=" + host,
                "physical-size=lots"))
        .startsWith("Error: Failed to parse field 'physical-size'");
    assertThat(xe.refusal("sr-create", "type=file"))
        .startsWith("Required parameter not found: name-label\n");
    assertThat(xe.refusal("sr-create", "name-label=odd", "type=no such", "host-uuid=" + host))
        .contains("no such");
  }

  @Test
  void aRepositoryIsForgottenAndTakenInAgain() {
    String uuid = repository("travels", "device-config:location=/travels");
    xe.ok("pbd-unplug", "uuid=" + pbd(uuid));
    xe.ok("pbd-destroy", "uuid=" + pbd(uuid));
    xe.ok("sr-forget", "uuid=" + uuid);
    assertThat(xe.line("sr-list", "uuid=" + uuid, "--minimal")).isEmpty();
    assertThat(
            xe.line(
                "sr-introduce",
                "uuid=" + uuid,
                "name-label=back again",
                "type=file",
                "content-type=user"))
        .isEqualTo(uuid);
    String pbd =
        xe.line(
            "pbd-create",
            "host-uuid=" + host,
            "sr-uuid=" + uuid,
            "device-config:location=/travels");
    assertThat(pbd).isEqualTo(pbd(uuid));
    xe.ok("pbd-plug", "uuid=" + pbd);
    assertThat(xe.line("pbd-param-get", "uuid=" + pbd, "param-name=currently-attached"))
        .isEqualTo("true");
    assertThat(xe.refusal("pbd-destroy", "uuid=" + pbd)).isNotEmpty();
    assertThat(xe.refusal("pbd-plug", "uuid=nonsense")).contains("nonsense");
  }

  @Test
  void aProbeTellsWhatThereIs() {
    assertThat(xe.ok("sr-probe", "type=file", "device-config:location=/probed"))
        .startsWith("<SRlist>");
    assertThat(xe.refusal("sr-probe", "type=no such")).contains("no such");
  }

  @Test
  void disksOfAFolderGrowAnyway() {
    String uuid = repository("thin", "device-config:location=/thin");
    assertThat(
            xe.refusal(
                "lvhd-enable-thin-provisioning",
                "sr-uuid=" + uuid,
                "host=" + host,
                "initial-allocation=1GiB",
                "allocation-quantum=16MiB"))
        .contains(uuid);
  }

  @Test
  void whatIsMeasuredOfARepositoryIsListed() {
    String uuid = repository("measured", "device-config:location=/measured");
    assertThat(xe.run("sr-data-source-list", "sr=measured").errors()).isEmpty();
    for (String command :
        new String[] {"sr-data-source-query", "sr-data-source-record", "sr-data-source-forget"}) {
      assertThat(xe.refusal(command, "uuid=" + uuid, "data-source=luck"))
          .as(command)
          .contains("luck");
    }
    assertThat(xe.refusal("sr-data-source-list", "sr=none"))
        .isEqualTo("Error: No matching SRs found\n");
  }
}
