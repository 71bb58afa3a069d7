package io.keelson.host.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Lines for a program that reads its commands from a file, so that it does them in one go. */
final class CommandFile {
  private CommandFile() {}

  /** The file, which only this user may read. */
  static Path write(List<String> lines) {
    try {
      return Files.write(Files.createTempFile("keelson", ".net"), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
