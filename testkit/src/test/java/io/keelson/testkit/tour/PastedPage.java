package io.keelson.testkit.tour;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.XeHome;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A page of the documentation whose blocks have been pasted into a shell, in their order, as far as
 * the first that failed.
 *
 * @param status of the shell; -1 when it did not end
 * @param said what the shell and its commands printed
 */
record PastedPage(int status, String said) {
  private static final Path CLONE = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```bash\n(.*?)^```$");
  private static final int MINUTES = 5;

  /**
   * Pastes a page, in the folder of the clone.
   *
   * @param page its path in the clone
   * @param box the server that its commands find
   * @param folder for temporary files
   */
  static PastedPage of(String page, ServerBox box, Path folder)
      throws IOException, InterruptedException {
    String blocks =
        BLOCK
            .matcher(Files.readString(CLONE.resolve(page)))
            .results()
            .map(MatchResult::group)
            .map(block -> block.replace("```bash\n", "").replace("```", ""))
            .collect(Collectors.joining("\n"));
    Path script = Files.writeString(folder.resolve("blocks"), "set -eux\n" + blocks);
    Path said = folder.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder(List.of("bash", script.toString()))
            .directory(CLONE.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().put("KEELSON_DATA", box.data().toString());
    builder.environment().put("TMPDIR", folder.toString());
    builder.environment().put("KEELSON_BUILD", "no"); // or it would take the classes from tests
    builder.environment().put("XE_HOME", XeHome.in(folder).toString());
    builder
        .environment()
        .merge("PATH", CLONE.toString(), (path, ours) -> ours + File.pathSeparator + path);
    Process shell = builder.start();
    shell.getOutputStream().close();
    boolean ended = shell.waitFor(MINUTES, TimeUnit.MINUTES);
    if (!ended) {
      shell.descendants().forEach(ProcessHandle::destroyForcibly);
      shell.destroyForcibly();
    }
    return new PastedPage(ended ? shell.exitValue() : -1, Files.readString(said, UTF_8));
  }
}
