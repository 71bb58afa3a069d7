package io.keelson.testkit.tour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keelson.testkit.box.ServerBox;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Takes the tour, and follows the guide, on a host with real machines. */
class TourTest {
  @TempDir private static Path data;
  private static ServerBox box;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(
        Files.exists(Path.of(System.getenv().getOrDefault("KEELSON_GUEST", "/nowhere"), "initrd")),
        "./keelson test builds the guest");
    box = ServerBox.real(data).start();
    Files.writeString(box.data().resolve("root-password"), ServerBox.PASSWORD);
  }

  @AfterAll
  static void stop() {
    if (box != null) {
      box.close();
    }
  }

  @Test
  void everyBlockOfTheTourDoesWhatItSays() throws Exception {
    PastedPage tour = PastedPage.of("docs/tour.md", box, folder);

    assertThat(tour.status()).as(tour.said()).isZero();
    assertThat(tour.said())
        .contains("hello-linux is up")
        .contains("ova.xml")
        .containsPattern("(?m)^server +running");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "install",
        "storage",
        "networks",
        "users",
        "backup",
        "metrics",
        "moving",
        "troubleshooting"
      })
  void everyBlockOfTheGuideDoesWhatItSays(String page) throws Exception {
    PastedPage pasted = PastedPage.of("docs/guide/" + page + ".md", box, folder);

    assertThat(pasted.status()).as(pasted.said()).isZero();
  }
}
