package io.keelson.store.journal;

import io.keelson.store.codec.SnapshotFile;
import io.keelson.store.table.Change;
import java.util.List;

/** Whom the journal tells what became durable. */
public interface JournalListener {

  /** Number of the newest entry that was applied. */
  long applied();

  /** An entry read back is durable. Called in the order of the numbers, by one thread. */
  void apply(long index, List<Change<?>> changes);

  /** A submission is durable; called as {@link #apply(long, List)} is. */
  void apply(long index, Submission submission);

  /** A submission is durable and applied, or failed. */
  void settled(Submission submission);

  /**
   * The journal stopped: what was submitted and not applied will not be.
   *
   * @param cause what the disk said
   */
  void failed(Throwable cause);

  /** What a snapshot taken now holds. Called by the thread that applies. */
  SnapshotFile.Content content();
}
