package io.keelson.host.qemu.agent;

import io.keelson.host.qemu.qmp.Json;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Brings the processors of a guest on line where it does not do so by itself. */
public final class GuestProcessors {
  private static final Duration ANSWER = Duration.ofSeconds(5);

  /** Within which a guest notices a processor that was plugged in. */
  private static final Duration NOTICE = Duration.ofSeconds(5);

  private static final long LOOK_AGAIN_NANOS = 100_000_000;

  private GuestProcessors() {}

  /** Returns when so many are on line, or the guest shows no more that could be. */
  public static void bringOnLine(AgentLine line, int count) {
    long end = System.nanoTime() + NOTICE.toNanos();
    while (!enough(line, count)
        && System.nanoTime() < end
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }

  private static boolean enough(AgentLine line, int count) {
    if (!(line.ask("guest-get-vcpus", Json.object(), ANSWER) instanceof Json.Items(var items))) {
      return true;
    }
    List<Json.Members> all =
        items.stream()
            .filter(Json.Members.class::isInstance)
            .map(Json.Members.class::cast)
            .toList();
    long onLine = all.stream().filter(one -> one.isTrue("online")).count();
    List<Json> off =
        all.stream()
            .filter(one -> !one.isTrue("online"))
            .limit(Math.max(0, count - onLine))
            .<Json>map(one ->
                Json.object()
                    .put("logical-id", one.number("logical-id", 0))
                    .put("online", true)
                    .build())
            .toList();
    if (!off.isEmpty()) {
      Json _ = line.ask("guest-set-vcpus", Json.object().put("vcpus", new Json.Items(off)), ANSWER);
    }
    return onLine + off.size() >= count;
  }
}
