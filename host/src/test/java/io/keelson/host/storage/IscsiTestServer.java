package io.keelson.host.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keelson.host.process.Program;
import io.keelson.host.storage.image.QemuImg;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A real iSCSI server on a port of this host, with one target. */
public final class IscsiTestServer implements AutoCloseable {
  public static final String TARGET = "iqn.2026-11.io.keelson.test:disks";
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Path folder;
  private final int port;
  private final Process process;

  private IscsiTestServer(Path folder, int port, Process process) {
    this.folder = folder;
    this.port = port;
    this.process = process;
  }

  /** Starts one, or skips the test where the machine refuses. */
  public static IscsiTestServer start(Path folder) throws IOException {
    assumeTrue(Requirements.isRoot(), "this is root");
    for (String program : List.of("tgtd", "tgtadm", "iscsi-ls")) {
      assumeTrue(Requirements.has(program), program + " is installed");
    }
    assumeTrue(QemuImg.knows("iscsi"), "QEMU's block layer knows iSCSI");
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    ProcessBuilder builder =
        new ProcessBuilder(
                Requirements.program("tgtd"), "-f", "--iscsi", "portal=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("tgtd.out").toFile());
    builder.environment().putAll(socket(folder));
    IscsiTestServer server = new IscsiTestServer(folder, port, builder.start());
    try {
      await()
          .atMost(LIMIT)
          .until(() -> server.run("--op", "new", "--mode", "target", "--tid", "1", "-T", TARGET));
      server.must("--op", "bind", "--mode", "target", "--tid", "1", "-I", "ALL");
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  public int port() {
    return port;
  }

  /** Offers a disk of so many bytes. */
  public void lun(int number, long size) throws IOException {
    Path file = folder.resolve("lun" + number);
    try (var bytes = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      bytes.setLength(size);
    }
    must(
        "--op",
        "new",
        "--mode",
        "logicalunit",
        "--tid",
        "1",
        "--lun",
        Integer.toString(number),
        "-b",
        file.toString());
    assertThat(Files.size(file)).isEqualTo(size);
  }

  /** Offers it no longer. */
  public void remove(int number) {
    must(
        "--op", "delete", "--mode", "logicalunit", "--tid", "1", "--lun", Integer.toString(number));
  }

  /** Lets in only who knows the password. */
  public void protect(String user, String password) {
    must("--op", "new", "--mode", "account", "--user", user, "--password", password);
    must("--op", "bind", "--mode", "account", "--tid", "1", "--user", user);
  }

  private void must(String... arguments) {
    assertThat(run(arguments)).as(String.join(" ", arguments)).isTrue();
  }

  private boolean run(String... arguments) {
    List<String> command =
        new ArrayList<>(List.of(Requirements.program("tgtadm"), "--lld", "iscsi"));
    command.addAll(List.of(arguments));
    return Program.run(LIMIT, command, socket(folder)).ok();
  }

  private static Map<String, String> socket(Path folder) {
    return Map.of("TGT_IPC_SOCKET", folder.resolve("t").toString());
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
