package io.keelson.testkit.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keelson.testkit.box.Installed;
import io.keelson.testkit.box.ServerBox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** xe as people start it: a process, at a terminal or not, and completed by their shells. */
class XeProgramTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final String XE = ROOT.resolve("xe").toString();
  private static final String SECRET = "s3cret word";

  @TempDir private static Path folder;
  private static ServerBox box;
  private static Map<String, String> environment;

  @BeforeAll
  static void start() throws IOException {
    box = ServerBox.simulated(folder, 2).start();
    environment =
        new HashMap<>(
            Map.of(
                "XE_HOME", Installed.client(folder).toString(),
                "KEELSON_DATA", box.data().toString(),
                "HOME", folder.toString()));
  }

  @AfterAll
  static void stop() {
    box.close();
  }

  private record Ran(int status, String output, String errors) {}

  private static Process start(String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static Ran run(String... command) throws Exception {
    Process process = start(command);
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    String errors = new String(process.getErrorStream().readAllBytes(), UTF_8);
    return new Ran(process.waitFor(), output, errors);
  }

  private static Terminal terminal(String line) throws IOException {
    return new Terminal(folder, environment, line);
  }

  @Test
  void wordsOutputAndStatusPassThrough() throws Exception {
    Ran hosts = run(XE, "host-list", "params=name-label", "--minimal");
    assertThat(hosts.output().strip().split(",")).containsExactlyInAnyOrder("sim-1", "sim-2");
    assertThat(hosts).isEqualTo(new Ran(0, hosts.output(), ""));
    String uuid =
        run(XE, "vm-clone", "vm=Other install media", "new-name-label=\u00fc 'a b' \"$c\" \\")
            .output()
            .strip();
    assertThat(run(XE, "template-list", "uuid=" + uuid, "params=name-label", "--minimal").output())
        .isEqualTo("\u00fc 'a b' \"$c\" \\\\\n");
    assertThat(run(XE, "vm-start", "vm=nobody"))
        .isEqualTo(new Ran(1, "", "Error: No matching VMs found\n"));
    assertThat(run(XE, "x", "a\nb").errors()).contains("line break");
  }

  @Test
  void aReaderThatHasSeenEnoughIsNoError() throws Exception {
    Ran ran = run("sh", "-c", XE + " vm-list params=all | head -n 1");
    assertThat(ran.status()).isZero();
    assertThat(ran.errors()).isEmpty();
  }

  /** Not while it runs, and not in what starts it. */
  @Test
  void aPasswordIsOnNoListOfProcesses() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Process xe =
          start(
              XE,
              "vm-list",
              "-s",
              "127.0.0.1",
              "-p",
              "" + silent.getLocalPort(),
              "--nossl",
              "-u",
              "root",
              "-pw",
              SECRET);
      try (Socket connection = silent.accept()) {
        String commandLine = Files.readString(Path.of("/proc", "" + xe.pid(), "cmdline"));
        assertThat(commandLine).contains("io.keelson.cli.client.Main").doesNotContain(SECRET);
        byte[] heard = new byte[4096];
        int length = connection.getInputStream().read(heard);
        while (!new String(heard, 0, length, UTF_8).contains(SECRET)) {
          length += connection.getInputStream().read(heard, length, heard.length - length);
        }
      }
      assertThat(xe.waitFor()).isEqualTo(1);
    }
  }

  @Test
  void aPasswordIsAskedForAndNotShown() throws Exception {
    String line = XE + " host-list params=name-label -s 127.0.0.1 --nossl -u root -p ";
    try (Terminal terminal = terminal(line + box.api().getPort())) {
      terminal.awaits("Password: ").types(ServerBox.PASSWORD + "\n");
      assertThat(terminal.ends(0)).contains("sim-1").doesNotContain(ServerBox.PASSWORD);
    }
  }

  @Test
  void anInterruptLeavesTheTerminalAsItWas() throws Exception {
    String line = XE + " host-list -s 127.0.0.1 --nossl -u root -p " + box.api().getPort();
    // Where tests run in the background interrupts are ignored, and by what they start too.
    String shell = "exec env --default-signal=INT sh -c 'trap : INT; %s; stty -a'".formatted(line);
    try (Terminal terminal = terminal(shell)) {
      terminal.awaits("Password: ").types("\u0003");
      assertThat(terminal.ends(0)).containsPattern("[ ;]echo[ ;]").doesNotContain("-echo ");
    }
  }

  @Test
  void aCertificateIsAgreedToOnce() throws Exception {
    String line =
        XE + " host-list -s 127.0.0.1 -u root -pw \"$PW\" -p " + box.tls().orElseThrow().getPort();
    Path config = Files.createDirectory(folder.resolve("agreed"));
    environment.put("XDG_CONFIG_HOME", config.toString());
    environment.put("PW", ServerBox.PASSWORD);
    try (Terminal terminal = terminal(line)) {
      terminal.awaits("(yes/no)? ").types("no\n");
      assertThat(terminal.ends(1)).contains("Nothing was sent.").doesNotContain("sim-1");
    }
    assertThat(config).isEmptyDirectory();
    try (Terminal terminal = terminal(line)) {
      terminal.awaits("(yes/no)? ").types("yes\n");
      assertThat(terminal.ends(0)).contains("sim-1");
    }
    try (Terminal terminal = terminal(line)) {
      assertThat(terminal.ends(0)).contains("sim-1").doesNotContain("yes/no");
    }
  }

  @Test
  void coloursAndBarsAreForTerminals() throws Exception {
    try (Terminal terminal = terminal(XE + " host-list; " + XE + " nonsense")) {
      assertThat(terminal.ends(1))
          .contains("\033[34muuid ( RO)\033[0m", "\033[31mUnknown command: nonsense\033[0m");
    }
    try (Terminal terminal = terminal("NO_COLOR=1 " + XE + " host-list")) {
      assertThat(terminal.ends(0)).contains("uuid ( RO)").doesNotContain("\033[3");
    }
    String uuid = run(XE, "vm-clone", "vm=Other install media", "new-name-label=b").output();
    assertThat(run(XE, "template-param-set", "uuid=" + uuid.strip(), "is-a-template=false"))
        .isEqualTo(new Ran(0, "", ""));
    try (Terminal terminal = terminal(XE + " vm-start --progress uuid=" + uuid)) {
      assertThat(terminal.ends(0)).contains("[##############################] 100%");
    }
    assertThat(run(XE, "vm-shutdown", "--force", "--progress", "uuid=" + uuid.strip()))
        .isEqualTo(new Ran(0, "", ""));
  }

  @Test
  void codesOfErrorsAreExplained() throws Exception {
    assertThat(run(XE, "explain", "vm_bad_power_state", "-s", "/nowhere").status()).isEqualTo(1);
    assertThat(run(XE, "explain", "vm_bad_power_state").output())
        .startsWith("VM_BAD_POWER_STATE\nThe machine's power state does not allow it.\n")
        .contains("Parameters: vm, expected, actual\n");
    assertThat(run(XE, "explain", "NONSENSE"))
        .isEqualTo(new Ran(1, "", "Error: No error has the code NONSENSE\n"));
  }

  @Test
  void theManualPageIsInGoodForm() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/mandoc")), "there is no mandoc here");
    String page = ROOT.resolve("docs/man/xe.1").toString();
    assertThat(run("mandoc", "-T", "lint", "-W", "style", page)).isEqualTo(new Ran(0, "", ""));
  }

  private static final String BASH =
      """
      source "$1/launcher/completion/xe.bash"
      PATH=$1:$PATH
      COMP_LINE=$2 COMP_POINT=${#2}
      _xe
      printf '%s\\n' "${COMPREPLY[@]}"
      """;

  private static List<String> bash(String line) throws Exception {
    Ran ran = run("bash", "-c", BASH, "bash", ROOT.toString(), line);
    assertThat(ran.errors()).isEmpty();
    return ran.output().lines().toList();
  }

  @Test
  void bashCompletes() throws Exception {
    String uuids = run(XE, "host-list", "params=uuid", "--minimal").output().strip();
    assertThat(bash("xe vm-sta")).containsExactly("vm-start ");
    assertThat(bash("xe host-param-")).contains("host-param-list", "host-param-set");
    assertThat(bash("xe vm-start on=")).containsExactly("sim-1", "sim-2");
    assertThat(bash("xe vm-start o")).contains("on=", "os-version=");
    assertThat(bash("xe host-param-get uuid=")).containsExactlyInAnyOrder(uuids.split(","));
    assertThat(bash("xe host-param-get uuid=x param-name=name-l")).containsExactly("name-label ");
    assertThat(bash("xe template-list name-label=Other\\ ins"))
        .containsExactly("Other\\ install\\ media ");
    assertThat(bash("xe vm-list params=uuid,power-")).containsExactly("uuid\\,power-state ");
    assertThat(bash("xe explain VM_BAD_P")).containsExactly("VM_BAD_POWER_STATE ");
    Files.writeString(folder.resolve("image one.vhd"), "");
    assertThat(bash("xe vm-export filename=" + folder + "/ima"))
        .containsExactly(folder + "/image\\ one.vhd ");
    String options =
        "-s 127.0.0.1 --nossl -p %d -u root -pw \"%s\""
            .formatted(box.api().getPort(), ServerBox.PASSWORD);
    assertThat(bash("xe " + options + " vm-start on=")).containsExactly("sim-1", "sim-2");
  }

  @Test
  void zshCompletes() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/zsh")), "there is no zsh here");
    // What zsh would offer is printed instead.
    String script =
        """
        compadd() { while [ "$1" != -- ]; do shift; done; shift; printf '%s\\n' "$@"; }
        compset() { :; }
        _files() { echo FILES; }
        PATH=$1:$PATH
        words=(${(z)2}) CURRENT=${#words}
        source "$1/launcher/completion/_xe"
        """;
    for (Map.Entry<String, String> line :
        Map.of(
                "xe vm-sta", "vm-start",
                "xe vm-start on=s", "on=sim-1\non=sim-2",
                "xe vm-export filename=x", "FILES",
                "xe template-list name-label=Other\\ ins", "name-label=Other\\ install\\ media")
            .entrySet()) {
      Ran ran = run("zsh", "-fc", script, "zsh", ROOT.toString(), line.getKey());
      assertThat(ran.errors()).isEmpty();
      assertThat(ran.output().strip()).as(line.getKey()).isEqualTo(line.getValue());
    }
  }
}
