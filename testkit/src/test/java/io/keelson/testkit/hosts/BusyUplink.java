package io.keelson.testkit.hosts;

import static org.awaitility.Awaitility.await;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/**
 * A machine whose only card is an uplink of its server's networks, and a neighbour at the other end
 * of the cable that sends much and gets little.
 */
final class BusyUplink {
  private static final String HERE = "198.51.100.1";
  private static final String THERE = "198.51.100.2";
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Between what an idle link may carry of its own accord and what the neighbour sends, KiB/s. */
  private static final double MUCH = 128;

  private static final double LITTLE = 4;

  /** What is answered to so much. */
  private static final int RECEIVED = 32 << 10;

  private static final int ANSWERED = 4 << 10;

  private final Api api;

  private BusyUplink(Api api) {
    this.api = api;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    run("ip netns add far && ip link add eth0 type veth peer name eth0 netns far");
    run("ip address add " + HERE + "/24 dev eth0 && ip link set dev eth0 up");
    run("ip netns exec far ip address add " + THERE + "/24 dev eth0");
    run("ip netns exec far ip link set dev eth0 up");
    run("ip route add default via " + THERE);
    try (ServerBox box = ServerBox.real(Path.of(arguments[0]), "--uplinks", "all").start()) {
      new BusyUplink(box.login(Format.JSON_RPC)).isCounted();
    }
  }

  private void isCounted() throws IOException, InterruptedException {
    await("a quiet link")
        .atMost(PATIENCE)
        .until(() -> metrics().get("carrier").asBoolean() && read() < LITTLE && written() < LITTLE);
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName(HERE));
        ExecutorService talk = Executors.newVirtualThreadPerTaskExecutor()) {
      Process neighbour = neighbour(listener.getLocalPort());
      try (Socket cable = listener.accept()) {
        Future<?> _ = talk.submit(() -> answer(cable));
        await("what comes in").atMost(PATIENCE).until(this::isBusy);
      } finally {
        neighbour.destroyForcibly().waitFor();
      }
    }
    await("a quiet link again").atMost(PATIENCE).until(() -> read() < LITTLE && written() < LITTLE);
  }

  private boolean isBusy() {
    JsonNode shown = metrics();
    double in = shown.get("io_read_kbs").asDouble();
    double out = shown.get("io_write_kbs").asDouble();
    return in > MUCH && out > LITTLE && out < in / 2;
  }

  /** Sends as fast as it is read, and hears all. */
  private static Process neighbour(int port) throws IOException {
    String talk =
        "exec 3<>/dev/tcp/" + HERE + "/" + port + "; cat <&3 >/dev/null & cat /dev/zero >&3";
    return new ProcessBuilder("ip", "netns", "exec", "far", "bash", "-c", talk).inheritIO().start();
  }

  /** Reads at a bounded rate, so that the machine has something left for its server. */
  private static void answer(Socket cable) {
    byte[] answer = new byte[ANSWERED];
    try (InputStream in = cable.getInputStream();
        OutputStream out = cable.getOutputStream()) {
      while (in.readNBytes(RECEIVED).length == RECEIVED) {
        out.write(answer);
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      }
    } catch (IOException _) {
      // Enough was seen.
    }
  }

  private double read() {
    return metrics().get("io_read_kbs").asDouble();
  }

  private double written() {
    return metrics().get("io_write_kbs").asDouble();
  }

  private JsonNode metrics() {
    JsonNode pif = api.call("PIF.get_all_records").valueStream().findFirst().orElseThrow();
    require(pif.get("device").asString().equals("eth0"), "one card: " + pif);
    require(pif.get("currently_attached").asBoolean(), "an uplink: " + pif);
    return api.call("PIF_metrics.get_record", pif.get("metrics"));
  }

  private static void run(String command) throws IOException, InterruptedException {
    int end = new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor();
    require(end == 0, command);
  }

  private static void require(boolean good, String what) {
    if (!good) {
      throw new IllegalStateException("not so: " + what);
    }
  }
}
