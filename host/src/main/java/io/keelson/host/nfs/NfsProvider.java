package io.keelson.host.nfs;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@link java.nio.file.Files} asks of an export. */
final class NfsProvider extends FileSystemProvider {

  @Override
  public String getScheme() {
    return "nfs";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException("exports are opened by their server");
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    throw new UnsupportedOperationException("exports are opened by their server");
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException("exports are opened by their server");
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    if (options.contains(StandardOpenOption.CREATE_NEW)) {
      client(path).create(text(path), true);
    } else if (options.contains(StandardOpenOption.CREATE)
        || options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
      client(path).create(text(path), false);
    }
    return new NfsChannel(client(path), real(path, options.contains(LinkOption.NOFOLLOW_LINKS)));
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
    List<String> names = client(folder).list(text(folder));
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return names.stream().map(folder::resolve).iterator();
      }

      @Override
      public void close() {
        // The names are here already.
      }
    };
  }

  @Override
  public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
    client(folder).makeFolder(text(folder));
  }

  @Override
  public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
      throws IOException {
    client(link).link(text(link), target.toString());
  }

  @Override
  public Path readSymbolicLink(Path link) throws IOException {
    return Path.of(client(link).readLink(text(link)));
  }

  @Override
  public void delete(Path path) throws IOException {
    client(path).remove(text(path));
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) {
    throw new UnsupportedOperationException("files are copied by the block layer");
  }

  /** Renames in one step, which replaces what has the name. */
  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    client(source).rename(text(source), text(target));
  }

  @Override
  public boolean isSameFile(Path one, Path other) throws IOException {
    return client(one).facts(text(one)).id() == client(other).facts(text(other)).id();
  }

  @Override
  public boolean isHidden(Path path) {
    return nfs(path).inner().getFileName().toString().startsWith(".");
  }

  @Override
  public FileStore getFileStore(Path path) {
    return new NfsStore(nfs(path).getFileSystem());
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    NfsFacts _ = client(path).facts(real(path, false));
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    if (type != BasicFileAttributeView.class) {
      return null;
    }
    return type.cast(
        new BasicFileAttributeView() {
          @Override
          public String name() {
            return "basic";
          }

          @Override
          public BasicFileAttributes readAttributes() throws IOException {
            return facts(path, options);
          }

          @Override
          public void setTimes(
              @Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime made) {
            throw new UnsupportedOperationException("times are the server's");
          }
        });
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    if (type != BasicFileAttributes.class) {
      throw new UnsupportedOperationException("only the basic attributes are known");
    }
    return type.cast(facts(path, options));
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
    throw new UnsupportedOperationException("attributes are read as a whole");
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
    throw new UnsupportedOperationException("attributes are the server's");
  }

  private static NfsFacts facts(Path path, LinkOption... options) throws IOException {
    boolean asIs = List.of(options).contains(LinkOption.NOFOLLOW_LINKS);
    return client(path).facts(real(path, asIs));
  }

  private static String real(Path path, boolean asIs) throws IOException {
    return asIs ? text(path) : text(path.toRealPath());
  }

  private static NfsClient client(Path path) {
    return nfs(path).getFileSystem().client();
  }

  private static String text(Path path) {
    return nfs(path).toAbsolutePath() instanceof NfsPath whole ? whole.text() : "";
  }

  private static NfsPath nfs(Path path) {
    if (path instanceof NfsPath ours) {
      return ours;
    }
    throw new ProviderMismatchException(path + " is not on an NFS server");
  }
}
