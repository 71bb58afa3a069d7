package io.keelson.store.journal;

import io.keelson.store.Derivation;
import io.keelson.store.EventFeed;
import io.keelson.store.ObjectId;
import io.keelson.store.Overlay;
import io.keelson.store.codec.SnapshotFile;
import io.keelson.store.event.ChangeFeed;
import io.keelson.store.table.Change;
import io.keelson.store.table.Edit;
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
  private boolean replaying = true;

  PublishedState(SnapshotFile.Content loaded, Derivation derivation, int removalsKept) {
    this.current = loaded.state();
    this.derivation = derivation;
    this.feed =
        new ChangeFeed(() -> current, current, removalsKept, loaded.removals(), loaded.forgotten());
  }

  public State get() {
    return current;
  }

  public EventFeed events() {
    return feed;
  }

  /** Makes durable changes visible. */
  void apply(long index, List<Change<?>> changes) {
    publishing.lock();
    try {
      Derivation follows = replaying ? Derivation.NONE : derivation;
      current = feed.note(current, edit(follows, current, index, changes));
    } finally {
      publishing.unlock();
    }
    feed.published();
  }

  /**
   * Ends the replay of the journal, during which nothing follows from the changes: sets what
   * follows from all of them, and counts the volatile values lost as news.
   */
  void replayed(long stamp) {
    publishing.lock();
    try {
      replaying = false;
      StateEditor editor = StateEditor.reopened(current, stamp);
      derive(derivation, current.objects().toList(), editor);
      current = editor.build();
      feed.startFrom(current);
    } finally {
      publishing.unlock();
    }
  }

  /**
   * Makes a durable submission visible. What was made of the head when it was submitted is right
   * here too, unless volatile fields have changed since or the journal numbered it differently.
   */
  void apply(long index, Submission submission) {
    publishing.lock();
    try {
      Edit made = submission.edit();
      boolean right = made.startsFrom(current) && made.after().generation() == index;
      Edit edit = right ? made : edit(derivation, current, index, submission.changes());
      current = feed.note(current, edit);
    } finally {
      publishing.unlock();
    }
    feed.published();
  }

  /** What changes under a number make of a state, and what follows from them. */
  public static Edit edit(
      Derivation derivation, State state, long generation, List<Change<?>> changes) {
    StateEditor editor = StateEditor.change(state, generation);
    changes.forEach(change -> change.applyTo(editor));
    derive(derivation, editor);
    return editor.edit();
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
      current = feed.note(before, editor.edit());
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

  /** Sets what follows from an edit. */
  public static void derive(Derivation derivation, StateEditor editor) {
    derive(derivation, editor.changed(), editor);
  }

  /** A derivation that fails leaves things as they were. */
  private static void derive(Derivation derivation, List<ObjectId<?>> changed, StateEditor editor) {
    try {
      derivation.derive(changed, new OverlayEditor(editor));
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
