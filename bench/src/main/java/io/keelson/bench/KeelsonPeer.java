package io.keelson.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A Keelson server of its own, on a folder of its own. */
final class KeelsonPeer implements Peer {
  private static final String PASSWORD = "bench";
  private final Path launcher;
  private final Path data;
  private final InetSocketAddress address;
  private Process process;

  /**
   * @param launcher the {@code keelson} script
   * @param data folder to keep everything in
   */
  KeelsonPeer(Path launcher, Path data) {
    this.launcher = launcher;
    this.data = data;
    this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort());
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
      ProcessBuilder builder =
          new ProcessBuilder(
              launcher.toString(),
              "serve",
              "--data",
              data.toString(),
              "--listen",
              "127.0.0.1:" + address.getPort());
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

  @Override
  public Client connect() {
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
