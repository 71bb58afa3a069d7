package io.keelson.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Keelson server of its own, on a folder of its own. */
final class KeelsonPeer implements Peer {
  private static final String PASSWORD = "bench";
  private final Path launcher;
  private final Path data;
  private final InetSocketAddress address;
  private final List<String> options;
  private Process process;

  /**
   * @param launcher the {@code keelson} script
   * @param data folder to keep everything in
   * @param options more for {@code keelson serve}
   */
  KeelsonPeer(Path launcher, Path data, String... options) {
    this.launcher = launcher;
    this.data = data;
    this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort());
    this.options = List.of(options);
    this.process = launch();
  }

  @Override
  public String name() {
    return "keelson";
  }

  @Override
  public void start() {
    if (!process.isAlive()) {
      process = launch();
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException("the server did not come up; see " + log());
      }
      pause();
    }
  }

  /** Whether its machines run on KVM. */
  boolean accelerated() {
    try (JsonRpcClient rpc = new JsonRpcClient(address);
        KeelsonClient client = KeelsonClient.logIn(address, PASSWORD)) {
      String hosts = new String(rpc.call("host.get_all_records", client.session()), UTF_8);
      return hosts.contains("\"hardware_acceleration\":\"true\"");
    }
  }

  private boolean answers() {
    try (Client client = connect()) {
      client.listAll();
      return true;
    } catch (UncheckedIOException | IllegalStateException _) {
      return false;
    }
  }

  private Process launch() {
    try {
      Files.createDirectories(data);
      List<String> command =
          new ArrayList<>(
              List.of(
                  launcher.toString(),
                  "serve",
                  "--data",
                  data.toString(),
                  "--listen",
                  authority()));
      command.addAll(options);
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put("KEELSON_ROOT_PASSWORD", PASSWORD);
      builder.redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path log() {
    return data.resolve("bench.log");
  }

  @Override
  public void kill() {
    process.destroyForcibly();
    await();
  }

  /** The server's address, as a URL names it. */
  String authority() {
    return "127.0.0.1:" + address.getPort();
  }

  /** What the server takes of the machine. */
  Footprint footprint() throws IOException {
    Path pid = data.resolve("run").resolve("server.pid");
    return new Footprint(Long.parseLong(Files.readString(pid).strip()));
  }

  @Override
  public KeelsonClient connect() {
    return KeelsonClient.logIn(address, PASSWORD);
  }

  @Override
  public void close() {
    process.destroy();
    await();
  }

  private void await() {
    try {
      process.waitFor();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(2);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
