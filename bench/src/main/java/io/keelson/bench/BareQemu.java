package io.keelson.bench;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What no control plane can be faster than: QEMU's own start until QMP answers, and its kill. */
final class BareQemu {
  private static final int RUNS = 30;

  private BareQemu() {}

  /**
   * @param accelerated whether the machines compared with run on KVM
   */
  static Map<String, String> run(boolean accelerated) throws IOException, InterruptedException {
    List<Long> starts = new ArrayList<>();
    List<Long> kills = new ArrayList<>();
    Path folder = Files.createTempDirectory("keelson-bench");
    for (int i = -3; i < RUNS; i++) {
      Path socket = folder.resolve("qmp" + i);
      long begin = System.nanoTime();
      Process qemu =
          new ProcessBuilder(
                  "qemu-system-x86_64",
                  "-M",
                  "pc",
                  "-accel",
                  accelerated ? "kvm" : "tcg",
                  "-m",
                  "32",
                  "-nodefaults",
                  "-display",
                  "none",
                  "-qmp",
                  "unix:" + socket + ",server=on,wait=off")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      handshake(qemu, socket);
      long ready = System.nanoTime();
      qemu.destroyForcibly().waitFor();
      if (i >= 0) {
        starts.add(ready - begin);
        kills.add(System.nanoTime() - ready);
      }
      Files.deleteIfExists(socket);
    }
    Files.delete(folder);
    return Map.of("start a machine without disks", text(starts), "hard stop of it", text(kills));
  }

  private static void handshake(Process qemu, Path socket)
      throws IOException, InterruptedException {
    while (qemu.isAlive()) {
      try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        channel.connect(UnixDomainSocketAddress.of(socket));
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        channel.read(buffer);
        for (String command : List.of("qmp_capabilities", "query-status")) {
          channel.write(
              ByteBuffer.wrap(
                  "{\"execute\":\"%s\"}%n".formatted(command).getBytes(StandardCharsets.US_ASCII)));
          channel.read(buffer.clear());
        }
        return;
      } catch (IOException _) {
        Thread.sleep(0, 500_000); // its socket is not there yet
      }
    }
    throw new IOException("qemu-system-x86_64 ended with " + qemu.waitFor());
  }

  private static String text(List<Long> nanos) {
    return "%.1f ms (p99 %.1f ms)"
        .formatted(Storm.Rate.percentile(nanos, 50), Storm.Rate.percentile(nanos, 99));
  }
}
