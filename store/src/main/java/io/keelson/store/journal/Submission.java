package io.keelson.store.journal;

import io.keelson.store.table.Change;
import io.keelson.store.table.Edit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * One transaction on its way into the journal. Carries the changes beside their bytes, so that the
 * process which made them need not read them back.
 */
public final class Submission implements Message {
  private final List<Change<?>> changes;
  private final ByteString entry;
  private final Edit edit;
  private final CompletableFuture<Void> done = new CompletableFuture<>();

  /**
   * @param edit what the changes made of the state that they were made on
   */
  public Submission(List<Change<?>> changes, byte[] entry, Edit edit) {
    this.changes = changes;
    this.edit = edit;
    this.entry = UnsafeByteOperations.unsafeWrap(entry);
  }

  List<Change<?>> changes() {
    return changes;
  }

  Edit edit() {
    return edit;
  }

  @Override
  public ByteString getContent() {
    return entry;
  }

  /** Completed once the changes are durable and visible, or with why they never will be. */
  public CompletableFuture<Void> done() {
    return done;
  }
}
