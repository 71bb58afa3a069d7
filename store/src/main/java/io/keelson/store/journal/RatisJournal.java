package io.keelson.store.journal;

import io.keelson.store.StoreException;
import io.keelson.store.codec.EntryCodec;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.util.ExitUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Ratis server with one group of one voter, running. */
public final class RatisJournal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RatisJournal.class);
  private static final int START_SECONDS = 60;
  private static final Duration WAKE = Duration.ofMillis(10);

  private final RaftServer server;
  private final RaftClientAsynchronousProtocol group;
  private final RaftPeerId peer;
  private final RaftGroupId groupId;
  private final StoreMachine machine;
  private final ClientId client = ClientId.randomId();
  private final AtomicLong calls = new AtomicLong();

  private RatisJournal(
      RaftServer server,
      RaftClientAsynchronousProtocol group,
      RaftPeerId peer,
      RaftGroupId groupId,
      StoreMachine machine) {
    this.server = server;
    this.group = group;
    this.peer = peer;
    this.groupId = groupId;
    this.machine = machine;
  }

  /**
   * Starts it, and hands the listener everything that is not in its snapshot.
   *
   * @throws IOException when the disk does not take it
   * @throws StoreException when its entries cannot be understood
   */
  static RatisJournal start(
      JournalFolder folder,
      StoreIdentity identity,
      JournalListener listener,
      EntryCodec codec,
      Snapshots snapshots,
      DurableMark mark,
      long stamp,
      long snapshotEvery)
      throws IOException {
    keepProcessAlive();
    Files.createDirectories(folder.journal());
    folder.noteStarting(stamp);
    CompletableFuture<Void> ready = new CompletableFuture<>();
    StoreMachine machine =
        new StoreMachine(listener, codec, snapshots, mark, ready, () -> folder.noteReady(stamp));
    RaftPeerId peer = RaftPeerId.valueOf(identity.peer());
    RaftGroupId groupId = RaftGroupId.valueOf(UUID.fromString(identity.group()));
    RaftServer server =
        RaftServer.newBuilder()
            .setServerId(peer)
            .setGroup(RaftGroup.valueOf(groupId, RaftPeer.newBuilder().setId(peer).build()))
            .setOption(RaftStorage.StartupOption.RECOVER)
            .setStateMachine(machine)
            .setProperties(RatisSettings.of(folder.journal(), snapshotEvery))
            .build();
    try {
      server.start();
      ready.get(START_SECONDS, TimeUnit.SECONDS);
      return new RatisJournal(
          server, asynchronous(server.getDivision(groupId)), peer, groupId, machine);
    } catch (ExecutionException e) {
      server.close();
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new StoreException(folder.journal() + " cannot be read: " + e.getMessage(), e);
    } catch (TimeoutException e) {
      server.close();
      throw new IOException("the journal was not ready within " + START_SECONDS + " s", e);
    } catch (InterruptedException e) {
      server.close();
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted while starting").initCause(e);
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** Takes back what Ratis does when loaded: end the process on any uncaught exception. */
  private static void keepProcessAlive() {
    var before = Thread.getDefaultUncaughtExceptionHandler();
    ExitUtils.disableSystemExit();
    Thread.setDefaultUncaughtExceptionHandler(before);
  }

  private static RaftClientAsynchronousProtocol asynchronous(RaftServer.Division division) {
    if (division instanceof RaftClientAsynchronousProtocol protocol) {
      return protocol;
    }
    throw new IllegalStateException("this Ratis takes no requests within the process");
  }

  /** Whether an entry is not too large. */
  public static boolean takes(byte[] entry) {
    return entry.length < RatisSettings.MAX_ENTRY - 1024;
  }

  /**
   * Puts a submission in line behind those before it. The listener hears how it ended; this only
   * throws when it was not even put in line.
   */
  public CompletableFuture<RaftClientReply> submit(Submission submission) throws IOException {
    return group.submitClientRequestAsync(
        RaftClientRequest.newBuilder()
            .setClientId(client)
            .setServerId(peer)
            .setGroupId(groupId)
            .setCallId(calls.incrementAndGet())
            .setMessage(submission)
            .setType(RaftClientRequest.writeRequestType())
            .build());
  }

  /**
   * Writes a snapshot of everything applied.
   *
   * @param always even if the newest one holds all there is
   */
  public void snapshot(boolean always) throws IOException {
    machine.snapshotNow(always);
  }

  @Override
  public void close() throws IOException {
    Thread closing = Thread.ofPlatform().daemon().name("store-close").start(this::closeServer);
    try {
      // Ratis' log writer, when idle, looks once a second whether it should end
      while (!closing.join(WAKE)) {
        wakeWriter();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted while closing").initCause(e);
    }
  }

  private void closeServer() {
    try {
      server.close();
    } catch (IOException e) {
      LOG.warn("the journal did not end cleanly: {}", e.toString());
    }
  }

  private void wakeWriter() {
    ThreadGroup top = Thread.currentThread().getThreadGroup();
    for (ThreadGroup up = top; up != null; up = up.getParent()) {
      top = up;
    }
    if (top != null) {
      Thread[] threads = new Thread[top.activeCount() + 16];
      int count = top.enumerate(threads);
      for (Thread thread : Arrays.asList(threads).subList(0, count)) {
        String name = thread.getName();
        if (name.startsWith(peer.toString())
            && name.contains("SegmentedRaftLogWorker")
            && thread.getState() == Thread.State.TIMED_WAITING) {
          thread.interrupt();
        }
      }
    }
  }

  /** Where Ratis keeps the entries. */
  static Path entries(Path journal, String group) {
    return journal.resolve(group).resolve("current");
  }
}
