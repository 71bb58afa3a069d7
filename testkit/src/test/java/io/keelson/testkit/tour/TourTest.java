package io.keelson.testkit.tour;

import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.hosts.OwnMachine;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Takes the tour, and follows the guide, on a host with real machines. */
@RunsOn(hosts = 1)
class TourTest {
  private static final Path GUIDE = PageBlocks.CLONE.resolve("docs/guide");
  private static final String NOBODY = "nobody";

  @TempDir private static Path data;
  private static ServerBox box;

  private final ServerBox there;

  @TempDir private Path folder;

  /**
   * @param there the other server, of those who come from one
   */
  TourTest(ServerBox there) {
    this.there = there;
  }

  @BeforeAll
  static void start() {
    assumeTrue(
        Files.exists(Path.of(System.getenv().getOrDefault("KEELSON_GUEST", "/nowhere"), "initrd")),
        "./keelson test builds the guest");
    box = ServerBox.real(data).start();
  }

  @AfterAll
  static void stop() {
    if (box != null) {
      box.close();
    }
  }

  @BeforeEach
  void keepThePassword() throws IOException {
    Files.writeString(passwordFile(), ServerBox.PASSWORD);
  }

  private static Path passwordFile() {
    return box.data().resolve("root-password");
  }

  private String said(String page, Map<String, String> yours) throws Exception {
    PastedPage pasted = PastedPage.of(page, box, folder, yours);
    assertThat(pasted.status()).as(pasted.said()).isZero();
    assertThat(pasted.left()).isEmpty();
    return pasted.said();
  }

  private static String address() {
    return box.api().toString().replaceAll("/$", "");
  }

  @Test
  void everyBlockOfTheTourDoesWhatItSays() throws Exception {
    assertThat(said("docs/tour.md", Map.of()))
        .contains("hello-linux is up")
        .contains("ova.xml")
        .containsPattern("(?m)^server +running");
  }

  @Test
  void theFirstPageCallsTheServer() throws Exception {
    String api = address() + "/jsonrpc";
    assertThat(said("README.md", Map.of("api", api, "password", ServerBox.PASSWORD)))
        .contains("\"is_control_domain\":true");
  }

  @ParameterizedTest
  @ValueSource(strings = {"README", "install", "metrics", "troubleshooting"})
  void everyBlockOfTheGuideDoesWhatItSays(String page) throws Exception {
    Map<String, String> yours =
        Map.of(
            "server", address(),
            "password", ServerBox.PASSWORD,
            "new_password", ServerBox.PASSWORD);
    assertThat(said("docs/guide/" + page + ".md", yours)).isNotEmpty();
  }

  @Test
  void usersOfADirectoryAreLetIn() throws Exception {
    try (CompanyDirectory directory = new CompanyDirectory(folder)) {
      Map<String, String> yours = new HashMap<>(directory.facts());
      yours.put("data", box.data().toString());
      yours.put("new_password", ServerBox.PASSWORD);
      assertThat(said("docs/guide/users.md", yours)).contains("vm-power-admin");
    }
    assertThat(passwordFile()).doesNotExist();
  }

  @Test
  void whatIsBackedUpIsPutBack() throws Exception {
    Path target = Files.createDirectory(folder.resolve("target"));
    if (System.getProperty("user.name").equals("root")) {
      Files.setOwner(
          target,
          target.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(NOBODY));
    }
    assertThat(said("docs/guide/backup.md", Map.of("target", target.toString())))
        .contains("nothing is wrong");
    Path restored = target.resolve("restore");
    assertThat(Files.getOwner(restored)).isEqualTo(Files.getOwner(target));
    try (Stream<Path> files = Files.list(restored)) {
      assertThat(files).isNotEmpty().allMatch(file -> sameOwner(file, target));
    }
  }

  private static boolean sameOwner(Path file, Path other) {
    try {
      return Files.getOwner(file).equals(Files.getOwner(other));
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aMachineComesFromAnotherServer() throws Exception {
    Path login = Files.writeString(folder.resolve("login"), "root\n" + ServerBox.PASSWORD + "\n");
    try (Api api = there.login(Format.JSON_RPC);
        Vms vms = new Vms(api)) {
      JsonNode vm = vms.created(Vms.vmRecord("of the guide", 32));
      JsonNode _ = vms.drive(vm, vms.disk(), "0");
      said(
          "docs/guide/moving.md",
          Map.of(
              "xenserver", there.data().resolve("run/server.sock").toString(),
              "login", login.toString(),
              "machine", api.read("VM.get_name_label", vm)));
    }
    try (Api api = box.login(Format.JSON_RPC)) {
      assertThat(api.call("VM.get_by_name_label", text("of the guide"))).isEmpty();
    }
  }

  @Test
  void storageAndNetworksAreAsTheirPagesSay() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/sbin/ovs-vswitchd")), "no Open vSwitch here");
    String said = OwnMachine.runAsRoot(GuideMachine.class, folder);
    assumeTrue(!said.contains(".md without "), said);
  }

  /** All other pages are pasted whole. */
  @Test
  void onlyWhatTheServiceNeedsIsNotTried() throws IOException {
    try (Stream<Path> pages = Files.list(GUIDE)) {
      for (Path page : pages.toList()) {
        boolean service = page.endsWith("install.md");
        assertThat(PageBlocks.otherLanguages(page))
            .as(page.toString())
            .isSubsetOf(service ? List.of("sh") : List.of());
      }
    }
  }
}
