package io.keelson.http;

import io.keelson.api.Origin;
import io.keelson.http.HttpConfig.LocalListener;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.jspecify.annotations.Nullable;

/**
 * A unix socket: who may connect, and who those are that have. The kernel tells whose the program
 * at the other end is.
 *
 * @param owner the user who runs this server
 */
record LocalSocket(Path path, UserPrincipal owner) {
  private static final String ROOT = "root";
  private static final ChannelOption<UnixDomainPrincipal> PEER =
      NioChannelOption.of(ExtendedSocketOptions.SO_PEERCRED);

  /**
   * Makes room for a socket: one that a server left behind goes.
   *
   * @throws IOException when something else is there, or a server that is alive
   */
  static UnixDomainSocketAddress makeRoom(Path path) throws IOException {
    if (!LocalListener.fits(path)) {
      throw new IOException(
          "cannot listen on %s: a socket's path has %d bytes at most; name another with --socket"
              .formatted(path, LocalListener.LONGEST));
    }
    Files.createDirectories(path.toAbsolutePath().getParent());
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return address;
    }
    if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isOther()) {
      throw new IOException("cannot listen on " + path + ": there is something else");
    }
    try (SocketChannel _ = SocketChannel.open(address)) {
      throw new IOException("cannot listen on " + path + ": another server does");
    } catch (ConnectException _) {
      Files.delete(path); // nobody listens there any more
    }
    return address;
  }

  /**
   * Says who may connect to a socket that is there now.
   *
   * @throws IOException when there is no such group, or this user may not give a file to it
   */
  static LocalSocket of(LocalListener listener) throws IOException {
    Path path = listener.path();
    PosixFileAttributeView file =
        Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (listener.group().isPresent()) {
      file.setGroup(
          FileSystems.getDefault()
              .getUserPrincipalLookupService()
              .lookupPrincipalByGroupName(listener.group().get()));
    }
    String mode = listener.group().isPresent() ? "rw-rw----" : "rw-------";
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    return new LocalSocket(path, file.getOwner());
  }

  /** Who has connected. */
  Origin origin(Channel channel) {
    @Nullable UnixDomainPrincipal peer = channel.config().getOption(PEER);
    if (peer == null) {
      return Origin.of("");
    }
    UserPrincipal user = peer.user();
    return new Origin("user " + user.getName(), user.equals(owner) || user.getName().equals(ROOT));
  }
}
