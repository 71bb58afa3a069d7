package io.keelson.host.nfs;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Set;

/** An export of an NFS server as a file system, without a mount. */
public final class NfsFileSystem extends FileSystem {
  private final String server;
  private final String export;
  private final NfsClient client;
  private final NfsProvider provider = new NfsProvider();
  private volatile boolean open = true;

  private NfsFileSystem(String server, String export, NfsClient client) {
    this.server = server;
    this.export = export;
    this.client = client;
  }

  /** Opens an export, or a folder in one. */
  public static NfsFileSystem open(NfsServer server, String export) throws IOException {
    String clean = Path.of("/").resolve(export).normalize().toString();
    return new NfsFileSystem(server.name(), clean.equals("/") ? "" : clean, server.open(clean));
  }

  /** The root of the export. */
  public Path root() {
    return getPath("/");
  }

  /** Has the server put on its disk what anybody wrote to a file; folders always are. */
  public void commit(Path path) throws IOException {
    String inner = path instanceof NfsPath ours ? ours.text() : path.toString();
    if (!client.facts(inner).isDirectory()) {
      client.commit(inner);
    }
  }

  String server() {
    return server;
  }

  String export() {
    return export;
  }

  NfsClient client() {
    return client;
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public void close() throws IOException {
    open = false;
    client.close();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getSeparator() {
    return "/";
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(root());
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return List.of(new NfsStore(this));
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return Set.of("basic");
  }

  @Override
  public Path getPath(String first, String... more) {
    return new NfsPath(this, Path.of(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String pattern) {
    throw new UnsupportedOperationException("patterns are not matched here");
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    throw new UnsupportedOperationException("users are the server's");
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException("NFS does not tell of changes");
  }
}
