package io.keelson.store;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.store.codec.StoredModel;
import io.keelson.store.journal.JournalLine;
import io.keelson.store.journal.OpenStore;
import io.keelson.store.journal.PublishedState;
import io.keelson.store.journal.RatisJournal;
import io.keelson.store.journal.Submission;
import io.keelson.store.table.Change;
import io.keelson.store.table.Edit;
import io.keelson.store.table.OpenTransaction;
import io.keelson.store.table.State;
import io.keelson.store.table.StateCheck;
import io.keelson.store.table.StateEditor;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The store over the journal. There are two states: the published one, which is durable, and the
 * head, which also has what was submitted and is not yet durable. Transactions run on the head one
 * after another and wait for the disk side by side, so that one flush serves many.
 */
public final class JournaledStore implements Store {
  private final StoreConfig config;
  private final OpenStore parts;
  private final PublishedState published;
  private final JournalLine line;
  private final AtomicLong stamps;
  private final ReentrantLock mutex = new ReentrantLock();
  private State head;
  private boolean closed;

  private JournaledStore(StoreConfig config, OpenStore parts) {
    this.config = config;
    this.parts = parts;
    this.published = parts.published();
    this.line = parts.line();
    this.stamps = new AtomicLong(parts.firstStamp());
    this.head = published.get();
  }

  /**
   * Opens the store in a folder, or makes one there.
   *
   * @throws StoreException when it is damaged, in use, or newer than this program
   */
  public static JournaledStore open(StoreConfig config) {
    return open(config, StoredModel.CURRENT);
  }

  /** Opens a store whose objects are stored in a given version of the model. */
  public static JournaledStore open(StoreConfig config, StoredModel model) {
    return new JournaledStore(config, OpenStore.open(config, model));
  }

  @Override
  public Snapshot snapshot() {
    return published.get();
  }

  @Override
  public <T> T transact(Function<Transaction, T> work) {
    T result;
    Optional<Submission> awaited;
    mutex.lock();
    try {
      requireOpen();
      StateEditor editor = StateEditor.change(newest(), newest().generation() + 1);
      OpenTransaction transaction = new OpenTransaction(editor);
      result = work.apply(transaction);
      List<Change<?>> changes = transaction.finish();
      // what it has read may not be durable yet either
      awaited = changes.isEmpty() ? line.last() : Optional.of(submit(changes, editor, transaction));
    } finally {
      mutex.unlock();
    }
    awaited.ifPresent(JournaledStore::await);
    return result;
  }

  @Override
  public void rehearse(Consumer<Transaction> work) {
    mutex.lock();
    try {
      requireOpen();
      State from = newest();
      OpenTransaction transaction =
          new OpenTransaction(StateEditor.change(from, from.generation() + 1));
      work.accept(transaction);
      List<Change<?>> _ = transaction.finish();
    } finally {
      mutex.unlock();
    }
  }

  private Submission submit(
      List<Change<?>> changes, StateEditor editor, OpenTransaction transaction) {
    line.requireRunning();
    byte[] entry = parts.codec().encode(changes, published.get().generation());
    if (!RatisJournal.takes(entry)) {
      throw ApiErrors.internalError(
          List.of("too large a transaction: %,d bytes".formatted(entry.length)));
    }
    Edit edit = edit(changes, editor, transaction);
    Submission submission = new Submission(changes, entry, edit);
    line.submit(submission);
    head = edit.after();
    return submission;
  }

  /** What the changes alone, without the way to them, make of the head. */
  private Edit edit(List<Change<?>> changes, StateEditor editor, OpenTransaction transaction) {
    if (transaction.isRoundabout()) {
      return PublishedState.edit(config.derivation(), editor.base(), editor.generation(), changes);
    }
    PublishedState.derive(config.derivation(), editor);
    return editor.edit();
  }

  /** The state that the next transaction starts from. */
  private State newest() {
    if (line.isEmpty()) {
      head = published.get();
    }
    return head;
  }

  private static void await(Submission submission) {
    try {
      submission.done().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ApiError error ? error : e;
    }
  }

  @Override
  public void overlay(Consumer<Overlay> work) {
    mutex.lock();
    try {
      requireOpen();
      long stamp = stamps.incrementAndGet();
      if (!line.isEmpty()) {
        StateEditor editor = StateEditor.overlay(head, stamp);
        PublishedState.overlay(editor, work, config.derivation());
        head = editor.build();
      }
      published.overlay(stamp, work);
    } finally {
      mutex.unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
  }

  @Override
  public List<Violation> violations() {
    State state = published.get();
    return Stream.of(
            StateCheck.stored(state).stream(),
            StateCheck.derived(state, config.derivation()).stream())
        .flatMap(found -> found)
        .toList();
  }

  @Override
  public EventFeed events() {
    return published.events();
  }

  @Override
  public void close() {
    mutex.lock();
    try {
      if (!closed) {
        closed = true;
        line.close();
        parts.release().run();
      }
    } finally {
      mutex.unlock();
    }
  }
}
