package io.keelson.store.journal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;

/**
 * How a group of one talks to its other members: not at all. Nothing listens and nothing is sent,
 * which also makes the start quick.
 */
final class SoloRpc implements RaftServerRpc {
  private static final InetSocketAddress NOWHERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** Named in the properties by its class; Ratis makes one itself. */
  public static final class Type implements RpcType {
    public Type() {}

    @Override
    public String name() {
      return Type.class.getName();
    }

    @Override
    public ServerFactory newFactory(Parameters parameters) {
      return new Factory(this);
    }
  }

  private record Factory(RpcType type) implements ServerFactory {
    @Override
    public RaftServerRpc newRaftServerRpc(RaftServer server) {
      return new SoloRpc(type);
    }

    @Override
    public RpcType getRpcType() {
      return type;
    }
  }

  private final RpcType type;

  private SoloRpc(RpcType type) {
    this.type = type;
  }

  @Override
  public RpcType getRpcType() {
    return type;
  }

  @Override
  public void start() {}

  @Override
  public void close() {}

  @Override
  public InetSocketAddress getInetSocketAddress() {
    return NOWHERE;
  }

  /** Told of the group's members, which is this one alone. */
  @Override
  public void addRaftPeers(Collection<RaftPeer> peers) {}

  @Override
  public void handleException(RaftPeerId serverId, Exception e, boolean reconnect) {
    throw alone();
  }

  @Override
  public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) {
    throw alone();
  }

  @Override
  public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request) {
    throw alone();
  }

  @Override
  public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request) {
    throw alone();
  }

  @Override
  public StartLeaderElectionReplyProto startLeaderElection(
      StartLeaderElectionRequestProto request) {
    throw alone();
  }

  private static UnsupportedOperationException alone() {
    return new UnsupportedOperationException("the group has one member");
  }
}
