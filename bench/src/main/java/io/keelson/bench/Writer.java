package io.keelson.bench;

import java.util.concurrent.atomic.AtomicInteger;

/** Writes rising numbers into one machine's field until its connection breaks. */
final class Writer {
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final Thread thread;

  Writer(Peer peer, String vm) {
    this.thread = new Thread(() -> write(peer, vm), "writer");
  }

  void begin() {
    thread.start();
  }

  private void write(Peer peer, String vm) {
    Peer.Client client = peer.connect();
    try {
      for (int i = 1; ; i++) {
        client.describe(vm, "w" + i);
        acknowledged.set(i);
      }
    } catch (RuntimeException _) {
      // The peer was killed; what it acknowledged until then is what counts.
    }
  }

  /** The last number that was acknowledged; call when the peer is dead. */
  int acknowledged() {
    try {
      thread.join(10_000);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return acknowledged.get();
  }

  static void letRun(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
