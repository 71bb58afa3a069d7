package io.keelson.cli.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Joins the terminal and a console behind a path of the server, until Ctrl-] or either's end. */
final class ConsoleLink {
  private static final int ESCAPE = 0x1d;
  private static final int PART = 64 << 10;

  /** How long nothing must come before who types no more is taken to have seen everything. */
  private static final Duration QUIET = Duration.ofSeconds(1);

  private final Screen screen;

  /** Its user has ended it, which the connection then does too. */
  private volatile boolean left;

  private volatile long lastHeard = System.nanoTime();

  ConsoleLink(Screen screen) {
    this.screen = screen;
  }

  /**
   * @return whether the server connected it; why not has been said
   */
  boolean join(Target target) throws IOException {
    try (Link link = target.server().open()) {
      String head = "CONNECT " + target.path() + " HTTP/1.0\r\ncontent-length: 0\r\n\r\n";
      link.out().write(head.getBytes(US_ASCII));
      link.out().flush();
      Reply reply = Reply.read(link.in());
      if (reply.status() != 200) {
        screen.error(
            reply.status() == 404
                ? "Server replied with HTTP 404: the console is not available\n"
                : "Server said: " + reply.line() + "\n");
        return false;
      }
      if (!screen.typed()) {
        talk(link);
        return true;
      }
      try (Tty _ = Tty.raw()) {
        talk(link);
      }
      screen.print("\r");
      return true;
    }
  }

  /** What is typed goes out from a thread of its own, since nothing can end its wait for a key. */
  private void talk(Link link) throws IOException {
    Thread _ = Thread.ofPlatform().daemon().name("typing").start(() -> type(link));
    byte[] part = new byte[PART];
    OutputStream out = screen.out();
    try {
      int read = link.in().read(part);
      while (read >= 0) {
        lastHeard = System.nanoTime();
        out.write(part, 0, read);
        out.flush();
        read = link.in().read(part);
      }
    } catch (IOException e) {
      if (!left) {
        throw e;
      }
    }
  }

  /**
   * What is typed by a program ends before the console has answered, and a console that is hung up
   * on says no more.
   */
  private void awaitQuiet() {
    long last = System.nanoTime();
    long rest = QUIET.toNanos();
    while (rest > 0) {
      LockSupport.parkNanos(rest);
      rest = QUIET.toNanos() - (System.nanoTime() - Math.max(last, lastHeard));
    }
  }

  private void type(Link link) {
    byte[] part = new byte[PART];
    InputStream in = screen.in();
    try {
      int read = in.read(part);
      while (read >= 0) {
        int escape = 0;
        while (escape < read && part[escape] != ESCAPE) {
          escape++;
        }
        link.out().write(part, 0, escape);
        link.out().flush();
        if (escape < read) {
          left = true;
          link.close();
          return;
        }
        read = in.read(part);
      }
      awaitQuiet();
      left = true;
      link.close();
    } catch (IOException _) {
      // The connection has ended, which the other thread tells.
    }
  }
}
