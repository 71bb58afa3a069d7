package io.keelson.host.nfs;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import org.jspecify.annotations.Nullable;

/** The space of the file system that an export is on. */
final class NfsStore extends FileStore {
  private final NfsFileSystem files;

  NfsStore(NfsFileSystem files) {
    this.files = files;
  }

  @Override
  public String name() {
    return files.server() + ":" + files.export();
  }

  @Override
  public String type() {
    return "nfs";
  }

  @Override
  public boolean isReadOnly() {
    return files.isReadOnly();
  }

  @Override
  public long getTotalSpace() throws IOException {
    return files.client().space().total();
  }

  @Override
  public long getUsableSpace() throws IOException {
    return files.client().space().available();
  }

  @Override
  public long getUnallocatedSpace() throws IOException {
    return files.client().space().free();
  }

  @Override
  public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
    return false;
  }

  @Override
  public boolean supportsFileAttributeView(String name) {
    return name.equals("basic");
  }

  @Override
  public <V extends FileStoreAttributeView> @Nullable V getFileStoreAttributeView(Class<V> type) {
    return null;
  }

  @Override
  public Object getAttribute(String attribute) {
    throw new UnsupportedOperationException("no such attribute: " + attribute);
  }
}
