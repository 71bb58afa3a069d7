package io.keelson.host.qemu.agent;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.GuestReport;
import io.keelson.host.GuestReport.Feature;
import io.keelson.host.qemu.qmp.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The agent inside one guest, if one runs there: QEMU's own, which most systems have a package of.
 * One conversation at a time.
 */
public final class GuestAgent {
  /** The device by which QEMU tells whether an agent has opened its port. */
  public static final String PORT = "agent-port";

  /** An agent answers within milliseconds; a busy guest or one without KVM takes longer. */
  private static final Duration ANSWER = Duration.ofSeconds(5);

  /** A freeze waits for all that the guest has yet to write. */
  private static final Duration FREEZE = Duration.ofSeconds(60);

  /** How long the line stays after an order to power off, so that it arrives. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  /** What the agent can be asked to do with its machine; it has the very same words. */
  public enum Mode {
    POWERDOWN("powerdown"),
    REBOOT("reboot");

    private final String word;

    Mode(String word) {
      this.word = word;
    }
  }

  private final Supplier<Path> socket;
  private final String guest;
  private final ReentrantLock talking = new ReentrantLock();
  private volatile boolean listens;
  private volatile boolean frozen;
  private volatile Optional<GuestReport> last = Optional.empty();

  /**
   * @param socket where QEMU offers the agent's port
   * @param guest for the names of threads
   */
  public GuestAgent(Supplier<Path> socket, String guest) {
    this.socket = socket;
    this.guest = guest;
  }

  public boolean listens() {
    return listens;
  }

  /** The agent has opened its port, or closed it. */
  public void listens(boolean now) {
    listens = now;
  }

  /** What the guest says of itself; while its file systems are held, what it last said. */
  public GuestReport report() {
    Optional<GuestReport> known = last;
    if (frozen && known.isPresent()) {
      return known.get();
    }
    GuestReport report =
        talk(line -> {
          Json info = line.ask("guest-info", Json.object(), ANSWER);
          return AgentReport.of(
              info,
              optional(line, "guest-get-osinfo"),
              optional(line, "guest-get-host-name"),
              optional(line, "guest-network-get-interfaces"));
        });
    last = Optional.of(report);
    return report;
  }

  /** What an agent does not know or want to tell is empty. */
  private static Json optional(AgentLine line, String command) {
    try {
      return line.ask(command, Json.object(), ANSWER);
    } catch (DriverException e) {
      if (e.reason() == Reason.UNSUPPORTED || e.reason() == Reason.REJECTED_BY_GUEST) {
        return new Json.Nothing();
      }
      throw e;
    }
  }

  /** Holds the guest's file systems; the answer is how many. */
  public int freeze() {
    frozen = true;
    return talk(line -> {
      if (!AgentReport.features(info(line)).contains(Feature.FREEZE)) {
        throw new DriverException(Reason.UNSUPPORTED, "the guest's agent cannot hold file systems");
      }
      return line.ask("guest-fsfreeze-freeze", Json.object(), FREEZE)
              instanceof Json.Whole(long held)
          ? Math.clamp(held, 0, Integer.MAX_VALUE)
          : 0;
    });
  }

  /** Does something with a conversation of its own. */
  public void converse(Consumer<AgentLine> conversation) {
    var _ =
        talk(line -> {
          conversation.accept(line);
          return line;
        });
  }

  private static Json.Members info(AgentLine line) {
    return line.ask("guest-info", Json.object(), ANSWER) instanceof Json.Members members
        ? members
        : Json.object().build();
  }

  /** Lets them go, however often they were held. */
  public void thaw() {
    try {
      Json _ = talk(line -> line.ask("guest-fsfreeze-thaw", Json.object(), FREEZE));
    } finally {
      frozen = false;
    }
  }

  /**
   * Tells the agent to end its guest's run.
   *
   * @param otherwise what to do when the agent, having been told, says that it cannot
   * @return whether it was told; false when none listens, or answers
   */
  public boolean end(Mode mode, Runnable otherwise) {
    if (!listens) {
      return false;
    }
    AgentLine line;
    try {
      line = AgentLine.open(socket.get(), ANSWER);
    } catch (DriverException e) {
      return false;
    }
    try {
      line.tell("guest-shutdown", Json.object().put("mode", mode.word), ANSWER);
    } catch (DriverException e) {
      line.close();
      return false;
    }
    Thread.ofVirtual()
        .name("agent-" + guest)
        .start(() -> {
          try (line) {
            if (line.complains("guest-shutdown", LINGER)) {
              otherwise.run();
            }
          }
        });
    return true;
  }

  private <T> T talk(Function<AgentLine, T> conversation) {
    if (!listens) {
      throw new DriverException(Reason.UNSUPPORTED, "the guest has no agent");
    }
    try {
      if (!talking.tryLock(ANSWER.plus(FREEZE).toNanos(), TimeUnit.NANOSECONDS)) {
        throw new DriverException(Reason.GUEST_SILENT, "the guest's agent is busy");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DriverException(Reason.CANCELLED, "interrupted before asking the agent", e);
    }
    try (AgentLine line = AgentLine.open(socket.get(), ANSWER)) {
      return conversation.apply(line);
    } finally {
      talking.unlock();
    }
  }
}
