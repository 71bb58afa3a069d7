package io.keelson.host.nfs;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import org.jspecify.annotations.Nullable;

/**
 * A path on a server's export. As a text it is the URL by which QEMU's block layer knows the file.
 *
 * @param inner the path from the root of the export
 */
record NfsPath(NfsFileSystem files, Path inner) implements Path {
  private static final int MOST_LINKS = 40;

  @Override
  public NfsFileSystem getFileSystem() {
    return files;
  }

  @Override
  public boolean isAbsolute() {
    return inner.isAbsolute();
  }

  @Override
  public @Nullable Path getRoot() {
    return wrap(inner.getRoot());
  }

  @Override
  public @Nullable Path getFileName() {
    return wrap(inner.getFileName());
  }

  @Override
  public @Nullable Path getParent() {
    return wrap(inner.getParent());
  }

  @Override
  public int getNameCount() {
    return inner.getNameCount();
  }

  @Override
  public Path getName(int index) {
    return of(inner.getName(index));
  }

  @Override
  public Path subpath(int begin, int end) {
    return of(inner.subpath(begin, end));
  }

  @Override
  public boolean startsWith(Path other) {
    return other instanceof NfsPath path && path.files == files && inner.startsWith(path.inner);
  }

  @Override
  public boolean startsWith(String other) {
    return inner.startsWith(other);
  }

  @Override
  public boolean endsWith(Path other) {
    return other instanceof NfsPath path && inner.endsWith(path.inner);
  }

  @Override
  public Path normalize() {
    return of(inner.normalize());
  }

  @Override
  public Path resolve(Path other) {
    return of(inner.resolve(plain(other)));
  }

  @Override
  public Path relativize(Path other) {
    return of(inner.relativize(plain(other)));
  }

  /** {@code nfs://SERVER/PATH}, with what a URL may not hold in percents. */
  @Override
  public URI toUri() {
    try {
      return new URI("nfs", files.server(), files.export() + inner, null);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("no URL of " + files.server() + inner, e);
    }
  }

  @Override
  public Path toAbsolutePath() {
    return isAbsolute() ? this : of(Path.of("/").resolve(inner));
  }

  /** Follows every link, within the export. */
  @Override
  public Path toRealPath(LinkOption... options) throws IOException {
    Path real = Path.of("/");
    Path left = toAbsolutePath().normalize() instanceof NfsPath path ? path.inner : inner;
    for (int links = 0; links <= MOST_LINKS; links++) {
      int at = 0;
      while (at < left.getNameCount() && !link(real.resolve(left.getName(at)))) {
        real = real.resolve(left.getName(at));
        at++;
      }
      if (at == left.getNameCount()) {
        NfsFacts _ = files.client().facts(real.toString());
        return of(real);
      }
      Path target = Path.of(files.client().readLink(real.resolve(left.getName(at)).toString()));
      Path rest = left.subpath(at, left.getNameCount());
      rest = rest.getNameCount() > 1 ? rest.subpath(1, rest.getNameCount()) : Path.of("");
      left = real.resolve(target).resolve(rest).normalize();
      real = Path.of("/");
    }
    throw new FileSystemException(toString(), null, "Too many links");
  }

  private boolean link(Path path) throws IOException {
    return files.client().facts(path.toString()).isSymbolicLink();
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException("NFS does not tell of changes");
  }

  @Override
  public int compareTo(Path other) {
    return inner.compareTo(plain(other));
  }

  @Override
  public String toString() {
    return isAbsolute() ? toUri().toString() : inner.toString();
  }

  /** The path on the server, as its procedures take it. */
  String text() {
    return inner.toString();
  }

  private Path of(Path path) {
    return new NfsPath(files, path);
  }

  private @Nullable Path wrap(@Nullable Path path) {
    return path == null ? null : of(path);
  }

  private static Path plain(Path path) {
    return path instanceof NfsPath other ? other.inner : path;
  }
}
