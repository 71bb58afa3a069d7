package io.keelson.host.nfs;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What a server's refusal means to users of Java's file systems. */
final class NfsStatus {
  private NfsStatus() {}

  /** Raises unless the status says that all is well. */
  static void check(int status, String path) throws IOException {
    switch (status) {
      case 0 -> {}
      case 2 -> throw new NoSuchFileException(path);
      case 1, 13 -> throw new AccessDeniedException(path);
      case 17 -> throw new FileAlreadyExistsException(path);
      case 66 -> throw new DirectoryNotEmptyException(path);
      case 20 -> throw new FileSystemException(path, null, "Not a directory");
      case 21 -> throw new FileSystemException(path, null, "Is a directory");
      case 28 -> throw new FileSystemException(path, null, "No space left on device");
      case 30 -> throw new FileSystemException(path, null, "Read-only file system");
      case 69 -> throw new FileSystemException(path, null, "Disk quota exceeded");
      case 70 -> throw new FileSystemException(path, null, "The server forgot the file");
      default -> throw new FileSystemException(path, null, "NFS status " + status);
    }
  }
}
