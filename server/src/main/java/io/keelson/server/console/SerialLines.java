package io.keelson.server.console;

import io.keelson.control.console.ConsoleAccess.Line;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The serial lines that somebody is on. */
final class SerialLines {
  private final Set<Line> taken = ConcurrentHashMap.newKeySet();

  /** False when somebody is on it. */
  boolean take(Line line) {
    return taken.add(line);
  }

  void giveBack(Line line) {
    taken.remove(line);
  }
}
