package io.keelson.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.api.ApiError;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Files that travel between the user's end and a path of the server. A task follows each, and it
 * alone knows how that ended: the user's end has often sent all of a file before the server has
 * looked at it.
 */
public final class FileTransfer {
  private static final String TASK = "task-uuid";

  /** What the user's end is asked to do. */
  @FunctionalInterface
  private interface Errand {
    boolean done(String path) throws IOException;
  }

  private final Invocation invocation;
  private final String label;

  private FileTransfer(Invocation invocation, String label) {
    this.invocation = invocation;
    this.label = label;
  }

  /**
   * Lets the user's end fetch a path into a file.
   *
   * @param label of the task
   * @param file without a name the standard output
   * @param query parameters of the path; session and task are added
   * @return the task's result
   * @throws ApiError what the server ended the transfer with
   * @throws CommandException when it was the user's end that failed
   */
  public static String fetch(
      Invocation invocation, String label, String file, String path, Map<String, String> query)
      throws IOException {
    return new FileTransfer(invocation, label)
        .run(path, query, address -> invocation.terminal().fetch(file, address));
  }

  /** {@link #fetch} in the other direction: the user's end sends a file to a path. */
  public static String send(
      Invocation invocation, String label, String file, String path, Map<String, String> query)
      throws IOException {
    return new FileTransfer(invocation, label)
        .run(path, query, address -> invocation.terminal().send(file, address));
  }

  /**
   * What a file of the user's says.
   *
   * @throws CommandException when it cannot be read
   */
  public static String text(Invocation invocation, String file) throws IOException {
    return new String(
        invocation
            .terminal()
            .load(file)
            .orElseThrow(() -> CommandException.failed("File not found: " + file)),
        UTF_8);
  }

  /** A task that the user made before is the user's to take away. */
  private String run(String path, Map<String, String> query, Errand errand) throws IOException {
    Optional<String> given =
        invocation.get(TASK).map(uuid -> Arguments.byUuid(invocation, "task", uuid));
    String task = given.orElseGet(() -> Values.text(invocation.call("task.create", label, "")));
    FutureTask<String> end = new FutureTask<>(() -> Work.ended(invocation, task));
    try {
      if (invocation.get("progress").isPresent()) {
        Thread _ = Thread.startVirtualThread(end);
      }
      if (!errand.done(address(path, query, task))) {
        throw failure(task);
      }
      end.run();
      return result(end);
    } finally {
      if (given.isEmpty()) {
        invocation.call("task.destroy", task);
      }
    }
  }

  private String address(String path, Map<String, String> query, String task) {
    StringBuilder address = new StringBuilder(path);
    address.append("?session_id=").append(invocation.api().session());
    address.append("&task_id=").append(task);
    query.forEach((name, value) ->
        address.append('&').append(name).append('=').append(URLEncoder.encode(value, UTF_8)));
    return address.toString();
  }

  /** A task that has not ended was never asked for, or waits for a user's end that gave up. */
  private RuntimeException failure(String task) throws IOException {
    String status = Values.text(invocation.call("task.get_status", task));
    if (!status.equals("pending") && !status.equals("success")) {
      String _ = Work.ended(invocation, task);
    }
    return CommandException.failed(
        label + " failed: the file could not be used, or the server not be reached.");
  }

  private static String result(FutureTask<String> end) throws IOException {
    try {
      return end.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException raised -> throw raised;
        case IOException gone -> throw gone;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
