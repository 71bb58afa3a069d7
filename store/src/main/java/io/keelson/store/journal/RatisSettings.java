package io.keelson.store.journal;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** How Ratis is set up for a group of one. */
final class RatisSettings {
  /** Largest entry that the journal takes, Ratis' own part included. */
  static final int MAX_ENTRY = 4 << 20;

  private static final int CHECKSUM_ROOM = 64;

  private RatisSettings() {}

  static RaftProperties of(Path folder, long snapshotEvery) {
    RaftProperties p = new RaftProperties();
    RaftConfigKeys.Rpc.setType(p, new SoloRpc.Type());
    RaftServerConfigKeys.setStorageDir(p, List.of(folder.toFile()));
    RaftServerConfigKeys.setRemovedGroupsDir(p, folder.resolve("removed").toFile());

    // an open segment is in memory too, at about three times its size on the disk
    RaftServerConfigKeys.Log.setSegmentSizeMax(p, SizeInBytes.valueOf("2MB"));
    RaftServerConfigKeys.Log.setPreallocatedSize(p, SizeInBytes.valueOf("1MB"));
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(p, SizeInBytes.valueOf(MAX_ENTRY));
    RaftServerConfigKeys.Log.setWriteBufferSize(p, SizeInBytes.valueOf(MAX_ENTRY + CHECKSUM_ROOM));
    RaftServerConfigKeys.Log.setForceSyncNum(p, 1024);
    RaftServerConfigKeys.Log.setUnsafeFlushEnabled(p, false);
    RaftServerConfigKeys.Log.setAsyncFlushEnabled(p, false);
    // for other members only: costs a second write for every one
    RaftServerConfigKeys.Log.setLogMetadataEnabled(p, false);
    RaftServerConfigKeys.Log.setPurgeGap(p, 1);
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(p, true);
    RaftServerConfigKeys.Write.setElementLimit(p, 1 << 20);
    RaftServerConfigKeys.Write.setByteLimit(p, SizeInBytes.valueOf("1GB"));

    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(p, true);
    RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(p, snapshotEvery);
    RaftServerConfigKeys.Snapshot.setCreationGap(p, 1);
    RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(p, false);

    // nobody else can win: no reason to wait
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(p, millis(1));
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(p, millis(2));
    RaftServerConfigKeys.Rpc.setTimeoutMin(p, millis(20));
    RaftServerConfigKeys.Rpc.setTimeoutMax(p, millis(40));
    RaftServerConfigKeys.LeaderElection.setPreVote(p, false);
    RaftServerConfigKeys.RetryCache.setExpiryTime(p, TimeDuration.valueOf(1, TimeUnit.SECONDS));

    // a laptop that slept or a process that was stopped is no reason to give up
    TimeDuration never = TimeDuration.valueOf(10_000, TimeUnit.DAYS);
    RaftServerConfigKeys.setCloseThreshold(p, never);
    RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(p, never);
    return p;
  }

  private static TimeDuration millis(long n) {
    return TimeDuration.valueOf(n, TimeUnit.MILLISECONDS);
  }
}
