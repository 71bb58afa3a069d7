package io.keelson.store.journal;

import io.keelson.store.Derivation;
import io.keelson.store.EventFeed;
import io.keelson.store.Overlay;
import io.keelson.store.codec.SnapshotFile;
import io.keelson.store.event.ChangeFeed;
import io.keelson.store.table.Change;
import io.keelson.store.table.OverlayEditor;
import io.keelson.store.table.State;
import io.keelson.store.table.StateEditor;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The state that readers see: everything durable, and the volatile fields on top. */
public final class PublishedState {
  private static final Logger LOG = LoggerFactory.getLogger(PublishedState.class);

  private volatile State current;
  private final Derivation derivation;
  private final ChangeFeed feed;
  private final ReentrantLock publishing = new ReentrantLock();

  PublishedState(
      State start, Derivation derivation, int removalsKept, SnapshotFile.Content content) {
    this.current = start;
    this.derivation = derivation;
    this.feed =
        new ChangeFeed(() -> current, start, removalsKept, content.removals(), content.forgotten());
  }

  public State get() {
    return current;
  }

  public EventFeed events() {
    return feed;
  }

  /** Makes a durable change visible. */
  void apply(long index, List<Change<?>> changes) {
    publishing.lock();
    try {
      StateEditor editor = StateEditor.change(current, index);
      changes.forEach(change -> change.applyTo(editor));
      derive(derivation, editor);
      current = feed.note(editor);
    } finally {
      publishing.unlock();
    }
    feed.published();
  }

  /** Changes volatile fields under a stamp. */
  public void overlay(long stamp, Consumer<Overlay> work) {
    publishing.lock();
    try {
      State before = current;
      StateEditor editor = StateEditor.overlay(before, Math.max(stamp, before.stamp() + 1));
      overlay(editor, work, derivation);
      if (editor.changed().isEmpty()) {
        return;
      }
      current = feed.note(editor);
    } finally {
      publishing.unlock();
    }
    feed.published();
  }

  /** Does the work in an edit, and then what follows from it. */
  public static void overlay(StateEditor editor, Consumer<Overlay> work, Derivation derivation) {
    work.accept(new OverlayEditor(editor));
    if (!editor.changed().isEmpty()) {
      derive(derivation, editor);
    }
  }

  /** Sets what follows from an edit. A derivation that fails leaves things as they were. */
  public static void derive(Derivation derivation, StateEditor editor) {
    try {
      derivation.derive(editor.changed(), new OverlayEditor(editor));
    } catch (RuntimeException e) {
      LOG.error("fields that follow from others were not set", e);
    }
  }

  SnapshotFile.Content content() {
    publishing.lock();
    try {
      return new SnapshotFile.Content(current, feed.removals(), feed.forgotten());
    } finally {
      publishing.unlock();
    }
  }

  void close() {
    feed.close();
  }
}
