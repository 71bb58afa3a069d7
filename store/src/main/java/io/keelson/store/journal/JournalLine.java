package io.keelson.store.journal;

import io.keelson.api.ApiError;
import io.keelson.store.StoreException;
import io.keelson.store.codec.EntryCodec;
import io.keelson.store.codec.SnapshotFile;
import io.keelson.store.table.Change;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The line of submissions into the journal, and what becomes of them when it fails: all that wait
 * fail with it, what was written of them is taken off the disk, and the next submission tries to
 * start it again. Submissions are made by one thread at a time.
 */
public final class JournalLine {
  private static final Logger LOG = LoggerFactory.getLogger(JournalLine.class);
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final Duration CLOSE = Duration.ofSeconds(20);

  private final JournalFolder folder;
  private final StoreIdentity identity;
  private final PublishedState published;
  private final EntryCodec codec;
  private final Snapshots snapshots;
  private final DurableMark mark;
  private final long stamp;
  private final long snapshotEvery;

  private final Queue<Submission> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicReference<@Nullable ApiError> failure = new AtomicReference<>();
  private volatile Run run = new Run();
  private @Nullable RatisJournal journal;
  private volatile @Nullable Thread cleaner;
  private long lastTry;
  private volatile @Nullable Submission last;

  JournalLine(
      JournalFolder folder,
      StoreIdentity identity,
      PublishedState published,
      EntryCodec codec,
      Snapshots snapshots,
      DurableMark mark,
      long stamp,
      long snapshotEvery) {
    this.folder = folder;
    this.identity = identity;
    this.published = published;
    this.codec = codec;
    this.snapshots = snapshots;
    this.mark = mark;
    this.stamp = stamp;
    this.snapshotEvery = snapshotEvery;
  }

  /** The journal from one start to its end or failure; afterwards its callbacks do nothing. */
  private final class Run implements JournalListener {
    private boolean over;

    @Override
    public long applied() {
      return published.get().generation();
    }

    @Override
    public synchronized void apply(long index, List<Change<?>> changes) {
      requireRunning();
      published.apply(index, changes);
    }

    @Override
    public synchronized void apply(long index, Submission submission) {
      requireRunning();
      published.apply(index, submission);
    }

    private void requireRunning() {
      if (over) {
        throw new IllegalStateException("the journal has failed");
      }
    }

    @Override
    public void settled(Submission submission) {
      waiting.remove(submission);
    }

    @Override
    public void failed(Throwable cause) {
      if (end()) {
        JournalLine.this.failed(cause);
      }
    }

    synchronized boolean end() {
      boolean first = !over;
      over = true;
      return first;
    }

    @Override
    public SnapshotFile.Content content() {
      return published.content();
    }
  }

  /**
   * Starts the journal: what it holds beyond the snapshot is applied when this returns.
   *
   * @throws IOException when the disk does not let it
   */
  void start() throws IOException {
    Run next = new Run();
    run = next;
    journal =
        RatisJournal.start(folder, identity, next, codec, snapshots, mark, stamp, snapshotEvery);
  }

  /** Whether nothing is on its way. */
  public boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** The submission made last, if it is still on its way. */
  public Optional<Submission> last() {
    Submission newest = last;
    return newest == null || newest.done().isDone() ? Optional.empty() : Optional.of(newest);
  }

  /**
   * Makes sure that the journal runs.
   *
   * @throws ApiError OUT_OF_SPACE or INTERNAL_ERROR when it does not and cannot be started
   */
  public void requireRunning() {
    ApiError failed = failure.get();
    if (failed == null) {
      return;
    }
    if (System.nanoTime() - lastTry < RETRY_NANOS) {
      throw failed;
    }
    restart();
  }

  private void restart() {
    try {
      Thread cleaning = cleaner;
      if (cleaning != null && !cleaning.join(CLOSE)) {
        throw new IOException("the failed journal does not end");
      }
      Segments.cutAfter(folder.entries(), durable());
      long snapshot = snapshots.newest().map(s -> s.upTo().getIndex()).orElse(-1L);
      JournalCheck.run(folder.entries(), snapshot, durable());
      failure.set(null);
      start();
      LOG.info("the journal goes on after entry {}", published.get().generation());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw again(e);
    } catch (IOException | StoreException e) {
      throw again(e);
    } finally {
      lastTry = System.nanoTime();
    }
  }

  private ApiError again(Exception cause) {
    run.end();
    ApiError error = JournalFailure.of(folder.root(), cause);
    failure.set(error);
    LOG.warn("the journal could not be started again: {}", cause.toString());
    return error;
  }

  private long durable() {
    return Math.max(mark.newest(), published.get().generation());
  }

  /**
   * Puts a submission in line.
   *
   * @throws ApiError when the journal has failed
   */
  public void submit(Submission submission) {
    RatisJournal running = journal;
    if (running == null) {
      throw JournalFailure.of(folder.root(), new IOException("it was never started"));
    }
    Run during = run;
    waiting.add(submission);
    last = submission;
    // an interrupted thread makes Ratis give up its log
    boolean interrupted = Thread.interrupted();
    try {
      running
          .submit(submission)
          .whenComplete((reply, e) -> {
            if (e != null) {
              during.failed(e);
            } else if (!reply.isSuccess()) {
              during.failed(reply.getException());
            }
          });
    } catch (IOException | RuntimeException e) {
      during.failed(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    ApiError failed = failure.get();
    if (failed != null) {
      drain(failed);
    }
  }

  private void failed(Throwable cause) {
    ApiError error = JournalFailure.of(folder.root(), cause);
    failure.set(error);
    LOG.error("the journal failed after entry {}", published.get().generation(), cause);
    RatisJournal broken = journal;
    cleaner = Thread.ofPlatform().daemon().name("store-cleaner").start(() -> clean(broken));
    drain(error);
  }

  private void drain(ApiError error) {
    for (Submission s = waiting.poll(); s != null; s = waiting.poll()) {
      s.done().completeExceptionally(error);
    }
  }

  /** Ends what is left of a failed journal and takes off the disk what was not acknowledged. */
  private void clean(@Nullable RatisJournal broken) {
    try {
      if (broken != null) {
        broken.close();
      }
      Segments.cutAfter(folder.entries(), durable());
    } catch (IOException | RuntimeException e) {
      LOG.warn("the failed journal could not be tidied yet: {}", e.toString());
    }
  }

  /**
   * Writes a snapshot of everything applied.
   *
   * @param always even if the newest one holds all there is
   */
  void snapshot(boolean always) throws IOException {
    RatisJournal running = journal;
    if (running != null && failure.get() == null) {
      running.snapshot(always);
    }
  }

  /** Waits for what is on its way, writes a snapshot and ends the journal. */
  public void close() {
    last().ifPresent(s -> s.done().exceptionally(_ -> null).join());
    try {
      snapshot(false);
    } catch (IOException e) {
      LOG.warn("no snapshot at the end: {}", e.toString());
    }
    run.end();
    try {
      Thread cleaning = cleaner;
      if (cleaning != null) {
        cleaning.join(CLOSE);
      }
      RatisJournal running = journal;
      if (running != null) {
        running.close();
      }
      mark.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.warn("the journal did not end cleanly: {}", e.toString());
    }
    published.close();
  }
}
