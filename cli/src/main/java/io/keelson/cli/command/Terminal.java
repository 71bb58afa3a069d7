package io.keelson.cli.command;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The user's end: where a command's words go, and where its files are. */
public interface Terminal {
  /** Prints a line. */
  void print(String line) throws IOException;

  /** Prints to the standard error, as it is. */
  void printError(String text) throws IOException;

  /** Tells an error of the API that has no words of its own. */
  void fail(String code, List<String> parameters) throws IOException;

  /** A file of the user's, whole; empty when it cannot be read. */
  Optional<byte[]> load(String file) throws IOException;

  /**
   * Lets the user's end fetch a path of the server into a file.
   *
   * @return whether it did
   */
  boolean fetch(String file, String path) throws IOException;

  /**
   * Lets the user's end send a file to a path of the server.
   *
   * @return whether it did
   */
  boolean send(String file, String path) throws IOException;

  /**
   * Joins the user's terminal and a path of the server until one of them ends it.
   *
   * @return whether they were joined
   */
  boolean join(String path) throws IOException;

  /**
   * Says something that nobody sees.
   *
   * @throws IOException when the user's end has gone, as far as that is known
   */
  void knock() throws IOException;

  /** Asks for a line. */
  String ask() throws IOException;
}
