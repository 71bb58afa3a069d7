package io.keelson.store.journal;

import io.keelson.store.codec.EntryCodec;
import io.keelson.store.codec.SnapshotFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Ratis hands its entries to: passes them on to the store, and writes snapshots of it. */
final class StoreMachine extends BaseStateMachine {
  private static final Logger LOG = LoggerFactory.getLogger(StoreMachine.class);

  /** What Ratis takes for: no snapshot. */
  private static final long NONE = -1;

  private final JournalListener listener;
  private final EntryCodec codec;
  private final Snapshots snapshots;
  private final DurableMark mark;
  private final CompletableFuture<Void> ready;
  private final Runnable onReady;
  private volatile @Nullable CompletableFuture<TermIndex> writing;

  /**
   * @param ready completed when everything that the journal holds was applied
   */
  StoreMachine(
      JournalListener listener,
      EntryCodec codec,
      Snapshots snapshots,
      DurableMark mark,
      CompletableFuture<Void> ready,
      Runnable onReady) {
    this.listener = listener;
    this.codec = codec;
    this.snapshots = snapshots;
    this.mark = mark;
    this.ready = ready;
    this.onReady = onReady;
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage storage)
      throws IOException {
    super.initialize(server, groupId, storage);
    snapshots.newest().ifPresent(newest -> setLastAppliedTermIndex(newest.upTo()));
  }

  @Override
  public @Nullable SnapshotInfo getLatestSnapshot() {
    try {
      return snapshots
          .newest()
          .map(s -> new SingleFileSnapshotInfo(new FileInfo(s.file(), null), s.upTo()))
          .orElse(null);
    } catch (IOException e) {
      throw new IllegalStateException("cannot list the snapshots", e);
    }
  }

  @Override
  public TransactionContext startTransaction(RaftClientRequest request) {
    return TransactionContext.newBuilder()
        .setStateMachine(this)
        .setClientRequest(request)
        .setStateMachineContext(request.getMessage())
        .build();
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    long index = entry.getIndex();
    Optional<Submission> submission =
        transaction.getStateMachineContext() instanceof Submission s
            ? Optional.of(s)
            : Optional.empty();
    try {
      if (index > listener.applied()) {
        submission.ifPresentOrElse(
            s -> listener.apply(index, s), () -> listener.apply(index, codec.decode(data(entry))));
      }
      updateLastAppliedTermIndex(entry.getTerm(), index);
      mark(index);
    } catch (RuntimeException e) {
      LOG.error("entry {} cannot be applied", index, e);
      fail(e);
      throw e;
    }
    submission.ifPresent(s -> {
      s.done().complete(null);
      listener.settled(s);
    });
    return CompletableFuture.completedFuture(Message.EMPTY);
  }

  private static ByteBuffer data(LogEntryProto entry) {
    return entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer();
  }

  private void mark(long index) {
    try {
      mark.write(index);
    } catch (IOException e) {
      LOG.warn("cannot note that entry {} is durable: {}", index, e.toString());
    }
  }

  private void fail(Throwable cause) {
    ready.completeExceptionally(cause);
    listener.failed(cause);
  }

  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    super.notifyTermIndexUpdated(term, index);
    mark(index);
  }

  @Override
  public void notifyLeaderReady() {
    try {
      onReady.run();
      ready.complete(null);
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  @Override
  public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
    fail(cause);
  }

  @Override
  public void close() {
    fail(new IOException("the journal was closed"));
  }

  /**
   * Starts to write a snapshot beside the work going on, and says up to where the last one that was
   * finished reaches; Ratis then drops older entries. It asks again with every entry until a newer
   * one is there.
   */
  @Override
  public long takeSnapshot() {
    CompletableFuture<TermIndex> current = writing;
    if (current == null) {
      TermIndex upTo = getLastAppliedTermIndex();
      SnapshotFile.Content content = listener.content();
      CompletableFuture<TermIndex> next = new CompletableFuture<>();
      writing = next;
      Thread.ofPlatform()
          .daemon()
          .name("store-snapshot")
          .start(() -> {
            try {
              snapshots.write(upTo, content);
            } catch (IOException | RuntimeException e) {
              LOG.warn("no snapshot up to entry {}: {}", upTo.getIndex(), e.toString());
              next.complete(TermIndex.valueOf(0, NONE));
              return;
            }
            next.complete(upTo);
          });
      return NONE;
    }
    if (!current.isDone()) {
      return NONE;
    }
    writing = null;
    return current.join().getIndex();
  }

  /**
   * Waits for a snapshot being written, and writes one of the state now.
   *
   * @param always even if the newest one holds all there is
   */
  void snapshotNow(boolean always) throws IOException {
    CompletableFuture<TermIndex> current = writing;
    if (current != null) {
      current.join();
    }
    TermIndex upTo = getLastAppliedTermIndex();
    Optional<Snapshots.Snapshot> newest = snapshots.newest();
    if (upTo != null
        && (always || newest.isEmpty() || newest.get().upTo().getIndex() < listener.applied())) {
      snapshots.write(upTo, listener.content());
    }
  }
}
