package io.keelson.testkit.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LauncherTest {
  private static final Path LAUNCHER = Path.of("").toAbsolutePath().resolveSibling("keelson");

  @TempDir private Path folder;

  @Test
  void helpNamesEveryCommand() throws Exception {
    Result help = run("help");

    assertThat(help.status()).isZero();
    for (String command :
        List.of("up", "down", "status", "console", "call", "audit", "fsck", "serve")) {
      assertThat(help.output()).containsPattern("(?m)^  " + command + " ");
    }
    for (String command :
        List.of("setup", "test", "bench", "package", "coverage", "format", "help")) {
      assertThat(help.output()).containsPattern("(?m)^  " + command + " ");
    }
    assertThat(run().output()).isEqualTo(help.output());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "launch",
        "up --fast",
        "up --data",
        "down --port 1",
        "serve --data",
        "serve --listen 127.0.0.1:0",
        "serve --data d --driver vmware",
        "status --all",
        "console --loud",
        "call",
        "call VM.get_all(",
        "call --data",
        "audit",
        "audit verify --loud",
        "fsck --repair",
        "test everything",
        "setup now",
        "format --check",
        "package --loud",
      })
  void wrongUsageIsOneLineAndStatusTwo(String line) throws Exception {
    Result result = run(line.split(" "));

    assertThat(result.status()).isEqualTo(2);
    assertThat(result.output()).isEmpty();
    assertThat(result.errors()).startsWith("keelson: ").hasLineCount(1);
  }

  @Test
  void statusWithoutServerSaysSo() throws Exception {
    Result result = run("status", "--data", folder.toString());

    assertThat(result.status()).isEqualTo(3);
    assertThat(result.output()).isEqualTo("no server is running on " + folder + "\n");
  }

  @Test
  void statusIsNotFooledByAnotherProcessesPid() throws Exception {
    Files.createDirectories(folder.resolve("run"));
    Files.writeString(folder.resolve("run/server.pid"), ProcessHandle.current().pid() + "\n");

    assertThat(run("status", "--data", folder.toString()).status()).isEqualTo(3);
  }

  @Test
  void downWithoutServerIsNoError() throws Exception {
    assertThat(run("down", "--data", folder.toString()).status()).isZero();
  }

  @Test
  void worksThroughASymbolicLinkFromElsewhere() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("k"), LAUNCHER);
    List<String> command = List.of(link.toString(), "help");

    assertThat(run(command).status()).isZero();
  }

  private record Result(int status, String output, String errors) {}

  private Result run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(LAUNCHER.toString());
    command.addAll(List.of(arguments));
    return run(command);
  }

  private Result run(List<String> command) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Path errors = folder.resolve("errors");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    process.getOutputStream().close();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), Files.readString(output), Files.readString(errors));
  }
}
