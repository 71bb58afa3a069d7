package io.keelson.server.console;

import io.keelson.control.console.ConsoleAccess.Answer.Open;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The serial lines that somebody is on. */
final class SerialLines {
  private final Set<Open> taken = ConcurrentHashMap.newKeySet();

  /** False when somebody is on it. */
  boolean take(Open line) {
    return taken.add(line);
  }

  void giveBack(Open line) {
    taken.remove(line);
  }
}
