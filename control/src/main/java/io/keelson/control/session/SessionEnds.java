package io.keelson.control.session;

import io.keelson.api.Ref;
import io.keelson.api.model.Session;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What is to be ended when a session ends: connections that were opened in its name. */
public final class SessionEnds {
  private final Map<String, Set<Cut>> cuts = new ConcurrentHashMap<>();

  /** Told apart by identity: two connections may be cut by the same action. */
  private static final class Cut {
    final Runnable action;

    Cut(Runnable action) {
      this.action = action;
    }
  }

  /** What is to be ended no longer needs to be when this is closed. */
  @FunctionalInterface
  public interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  Watch add(Ref<Session> session, Runnable action) {
    Cut cut = new Cut(action);
    cuts.compute(
        session.text(),
        (_, before) -> {
          Set<Cut> all = before == null ? ConcurrentHashMap.newKeySet() : before;
          all.add(cut);
          return all;
        });
    return () -> remove(session, cut);
  }

  private void remove(Ref<Session> session, Cut cut) {
    cuts.computeIfPresent(
        session.text(),
        (_, all) -> {
          all.remove(cut);
          return all.isEmpty() ? null : all;
        });
  }

  void ended(Ref<Session> session) {
    Set<Cut> all = cuts.remove(session.text());
    if (all != null) {
      all.forEach(cut -> cut.action.run());
    }
  }
}
