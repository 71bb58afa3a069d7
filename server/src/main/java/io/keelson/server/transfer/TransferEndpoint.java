package io.keelson.server.transfer;

import io.keelson.api.ApiError;
import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.api.model.Task;
import io.keelson.control.gate.HttpAction;
import io.keelson.control.task.Transfers;
import io.keelson.http.HttpAnswer;
import io.keelson.http.HttpCall;
import io.keelson.http.Route;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts file transfers behind paths.
 *
 * <p>The status of a reply tells the outcome where the client can still be told: an upload over
 * HTTP/1.1 is answered when it has been dealt with. Over HTTP/1.0 clients wait for a reply before
 * they upload, so 200 goes out with the first byte read, and what follows shows in the task alone.
 */
public final class TransferEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(TransferEndpoint.class);
  private static final String HTTP = "http/";

  private final Transfers transfers;

  public TransferEndpoint(Transfers transfers) {
    this.transfers = transfers;
  }

  /**
   * The route of one kind of transfer.
   *
   * @param method GET or PUT
   * @param label of the task that is made where the client names none
   */
  public Route route(
      String method, String path, HttpAction action, String label, Transfer transfer) {
    return new Route(
        method,
        path,
        action.permission().substring(HTTP.length()),
        action.role(),
        call -> serve(call, method, path, label, transfer));
  }

  private HttpAnswer serve(
      HttpCall call, String method, String path, String label, Transfer transfer) {
    if (!call.path().equals(path)) {
      return Errors.plain(404, "There is nothing here.");
    }
    if (!call.method().equals(method)) {
      return Errors.plain(405, "Only " + method + " is answered here.");
    }
    Following following = new Following();
    try {
      Reply _ =
          transfers.run(
              request(call, label),
              followed -> {
                following.task = Optional.of(followed.task());
                TransferCall running = new TransferCall(call, followed);
                following.call = Optional.of(running);
                return transfer.run(running);
              });
      return call.exchange().begun() ? finished(following) : Errors.done(following.task);
    } catch (ApiError error) {
      LOG.debug("{} has failed", label, error);
      return call.exchange().begun()
          ? new HttpAnswer.Begun(false)
          : Errors.of(error, following.task);
    }
  }

  private static HttpAnswer finished(Following following) {
    try {
      if (following.call.isPresent()) {
        following.call.get().finish();
      }
      return new HttpAnswer.Begun(true);
    } catch (IOException e) {
      LOG.debug("a client went away before the last byte of its download", e);
      return new HttpAnswer.Begun(false);
    }
  }

  private static Transfers.Request request(HttpCall call, String label) {
    return new Transfers.Request(
        label,
        Ref.of(call.session().orElse("")),
        call.peer().address(),
        call.parameter("task_id").map(Ref::of),
        call.parameter("subtask_of").or(() -> call.peer().subtaskOf()).map(Ref::of),
        call.exchange()::hangUp);
  }

  /** What came of a request: the task that follows it and the transfer, from when there are any. */
  private static final class Following {
    private Optional<TransferCall> call = Optional.empty();
    private Optional<Ref<Task>> task = Optional.empty();
  }
}
