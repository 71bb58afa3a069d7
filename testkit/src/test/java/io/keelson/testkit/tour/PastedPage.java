package io.keelson.testkit.tour;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.testkit.box.Installed;
import io.keelson.testkit.box.ServerBox;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A page of the documentation whose blocks have been pasted into a shell, in their order, as far as
 * the first that failed.
 *
 * @param status of the shell; -1 when it did not end
 * @param said what the shell and its commands printed
 * @param left the sections that were not pasted, as they need what is not here
 */
record PastedPage(int status, String said, List<String> left) {
  private static final int MINUTES = 5;

  /**
   * Pastes a page, in the folder of the clone, where {@code keelson} and {@code xe} are found as
   * the package has them.
   *
   * @param page its path in the clone
   * @param box the server that its commands find
   * @param folder for temporary files
   * @param yours what stands in the place of the page's examples, by the names of its variables
   */
  static PastedPage of(String page, ServerBox box, Path folder, Map<String, String> yours)
      throws IOException, InterruptedException {
    PageBlocks blocks = PageBlocks.of(page, yours);
    Path script = Files.writeString(folder.resolve("blocks"), "set -eux\n" + blocks.script());
    Path said = folder.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder(List.of("bash", script.toString()))
            .directory(PageBlocks.CLONE.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    Path installed = Installed.in(folder);
    Map<String, String> environment = builder.environment();
    environment.put("KEELSON_DATA", box.data().toString());
    environment.put("TMPDIR", folder.toString());
    environment.put("KEELSON_BUILD", "no"); // or it would take the classes from tests
    environment.put("XE_HOME", installed.resolve("client").toString()); // for ./xe
    environment.merge(
        "PATH", installed.toString(), (path, ours) -> ours + File.pathSeparator + path);
    Process shell = builder.start();
    shell.getOutputStream().close();
    boolean ended = shell.waitFor(MINUTES, TimeUnit.MINUTES);
    if (!ended) {
      shell.descendants().forEach(ProcessHandle::destroyForcibly);
      shell.destroyForcibly();
    }
    return new PastedPage(
        ended ? shell.exitValue() : -1, Files.readString(said, UTF_8), blocks.left());
  }
}
