package io.keelson.host.nfs;

import java.io.IOException;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/**
 * What a server says of a file (fattr3).
 *
 * @param type its NFS type: 1 a file, 2 a folder, 5 a link
 * @param id its number in the file system
 */
record NfsFacts(int type, long size, long id, FileTime lastAccessTime, FileTime lastModifiedTime)
    implements BasicFileAttributes {

  static NfsFacts read(XdrReader from) throws IOException {
    int type = from.number();
    byte[] _ = from.fixed(16);
    long size = from.longNumber();
    byte[] _ = from.fixed(24);
    long id = from.longNumber();
    FileTime accessed = time(from);
    FileTime modified = time(from);
    FileTime _ = time(from);
    return new NfsFacts(type, size, id, accessed, modified);
  }

  /** Passes over facts that the server may have sent beside its answer. */
  static void pass(XdrReader from) throws IOException {
    if (from.flag()) {
      NfsFacts _ = read(from);
    }
  }

  private static FileTime time(XdrReader from) throws IOException {
    long seconds = Integer.toUnsignedLong(from.number());
    return FileTime.from(Instant.ofEpochSecond(seconds, Integer.toUnsignedLong(from.number())));
  }

  @Override
  public FileTime creationTime() {
    return lastModifiedTime;
  }

  @Override
  public boolean isRegularFile() {
    return type == 1;
  }

  @Override
  public boolean isDirectory() {
    return type == 2;
  }

  @Override
  public boolean isSymbolicLink() {
    return type == 5;
  }

  @Override
  public boolean isOther() {
    return type != 1 && type != 2 && type != 5;
  }

  @Override
  public Object fileKey() {
    return id;
  }
}
