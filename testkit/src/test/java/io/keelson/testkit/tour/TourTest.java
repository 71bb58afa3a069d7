package io.keelson.testkit.tour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keelson.testkit.box.ServerBox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pastes the blocks of docs/tour.md into a shell, against a server that runs already. */
class TourTest {
  private static final Path CLONE = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```bash\n(.*?)^```$");
  private static final int MINUTES = 5;

  @TempDir private Path folder;

  @Test
  void everyBlockOfTheTourDoesWhatItSays() throws Exception {
    assumeTrue(
        Files.exists(Path.of(System.getenv().getOrDefault("KEELSON_GUEST", "/nowhere"), "initrd")),
        "./keelson test builds the guest");
    try (ServerBox box = ServerBox.real(folder).start()) {
      Files.writeString(box.data().resolve("root-password"), ServerBox.PASSWORD);

      Result tour = take(box);

      assertThat(tour.status()).as(tour.said()).isZero();
      assertThat(tour.said())
          .contains("hello-linux is up")
          .contains("ova.xml")
          .contains("success")
          .containsPattern("(?m)^server +running");
    }
  }

  private record Result(int status, String said) {}

  private Result take(ServerBox box) throws IOException, InterruptedException {
    String blocks =
        BLOCK
            .matcher(Files.readString(CLONE.resolve("docs/tour.md")))
            .results()
            .map(MatchResult::group)
            .map(block -> block.replace("```bash\n", "").replace("```", ""))
            .collect(Collectors.joining("\n"));
    Path script = Files.writeString(folder.resolve("tour"), "set -eux\n" + blocks);
    Path said = folder.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder(List.of("bash", script.toString()))
            .directory(CLONE.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().put("KEELSON_DATA", box.data().toString());
    builder.environment().put("TMPDIR", folder.toString());
    Process shell = builder.start();
    shell.getOutputStream().close();
    boolean ended = shell.waitFor(MINUTES, TimeUnit.MINUTES);
    if (!ended) {
      shell.descendants().forEach(ProcessHandle::destroyForcibly);
      shell.destroyForcibly();
    }
    return new Result(ended ? shell.exitValue() : -1, Files.readString(said, UTF_8));
  }
}
