package io.keelson.host.qemu;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** The agent inside the guest, if one runs there. */
final class GuestAgent {
  /** How long the connection stays, so that what was said arrives. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  /** What the agent can be asked to do with its machine; it has the very same words. */
  enum Mode {
    POWERDOWN,
    REBOOT
  }

  private GuestAgent() {}

  /** Asks the agent; false when none has opened its port. */
  static boolean ask(LiveDomain domain, Mode mode) {
    if (!listens(domain)) {
      return false;
    }
    String word =
        switch (mode) {
          case POWERDOWN -> "powerdown";
          case REBOOT -> "reboot";
        };
    String request =
        Json.object()
            .put("execute", "guest-shutdown")
            .put("arguments", Json.object().put("mode", word).build())
            .build()
            .write();
    try {
      SocketChannel channel =
          SocketChannel.open(
              UnixDomainSocketAddress.of(
                  domain.folder().socket(RunFolder.AGENT, domain.process().pid())));
      channel.write(ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.UTF_8)));
      Thread.ofVirtual().name("agent-linger").start(() -> linger(channel));
      return true;
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "the guest's agent cannot be reached: " + e, e);
    }
  }

  private static void linger(SocketChannel channel) {
    try (channel) {
      Thread.sleep(LINGER);
    } catch (IOException e) {
      // Nothing more is wanted of it.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean listens(LiveDomain domain) {
    return domain.execute("query-chardev") instanceof Json.Items(List<Json> devices)
        && devices.stream()
            .anyMatch(device ->
                device instanceof Json.Members members
                    && members.text("label").orElse("").equals("agent")
                    && members.isTrue("frontend-open"));
  }
}
