package io.keelson.server.transfer;

import io.keelson.api.ApiErrors;
import io.keelson.api.Call;
import io.keelson.http.HttpCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A transfer's request, with the call that its task follows. */
public final class TransferCall {
  /** The header that names the task. */
  static final String TASK_ID = "Task-id";

  private final HttpCall request;
  private final Call call;
  private Optional<DownloadStream> download = Optional.empty();

  TransferCall(HttpCall request, Call call) {
    this.request = request;
    this.call = call;
  }

  public Call call() {
    return call;
  }

  /** A parameter from a cookie, or else from the query. */
  public Optional<String> parameter(String name) {
    return request.parameter(name);
  }

  /** The parameters of the query whose names begin with a prefix, by the rest of their names. */
  public Map<String, String> parametersAfter(String prefix) {
    Map<String, String> found = new LinkedHashMap<>();
    request
        .query()
        .forEach((name, value) -> {
          if (name.startsWith(prefix)) {
            found.put(name.substring(prefix.length()), value);
          }
        });
    return found;
  }

  /** Whether a parameter says yes; one that is not given says no. */
  public boolean flag(String name) {
    return parameter(name).map(v -> v.equals("true") || v.equals("1")).orElse(false);
  }

  /** Whether a parameter is given that says yes by being there. */
  public boolean names(String name) {
    return parameter(name).map(v -> !v.equals("false")).orElse(false);
  }

  /** How long the upload is, where the client says. */
  public OptionalLong length() {
    String length = request.headers().get("content-length");
    return length == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(length));
  }

  /** Whether an upload that was cut off is told from one that is whole. */
  public boolean endIsTold() {
    return length().isPresent() || request.headers().containsKey("transfer-encoding");
  }

  /**
   * What the client uploads, whatever way it says how long that is. Reading raises the error that
   * the task then has when the client goes away before the end, and TASK_CANCELLED when the task
   * was cancelled.
   */
  public InputStream body() {
    return new UploadStream(request.body(), call, this::announce);
  }

  /** Tells a client that waits for a reply before it uploads to go on. */
  private void announce() throws IOException {
    if (request.exchange().http10() && !request.exchange().begun()) {
      request.exchange().begin(200, Map.of(TASK_ID, call.task().text()), OptionalLong.empty());
    }
  }

  /**
   * Begins the reply. Raise all that can be told before it, as afterwards the status is 200.
   *
   * @param fileName under which browsers keep it
   * @param length where it is known; a body that is shorter or longer counts as failed
   * @return takes the body; writing waits for a client that is slow
   */
  public OutputStream reply(String contentType, Optional<String> fileName, OptionalLong length) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", contentType);
    headers.put("cache-control", "no-cache, no-store");
    headers.put(TASK_ID, call.task().text());
    fileName.ifPresent(name ->
        headers.put("content-disposition", "attachment; filename=\"" + quoted(name) + "\""));
    try {
      DownloadStream begun =
          new DownloadStream(request.exchange().begin(200, headers, length), call);
      download = Optional.of(begun);
      return begun;
    } catch (IOException e) {
      throw ApiErrors.internalError(List.of("The client went away before the download began"));
    }
  }

  /** Sends the end of a download that has been dealt with. */
  void finish() throws IOException {
    if (download.isPresent()) {
      download.get().finish();
    }
  }

  private static String quoted(String name) {
    return name.replaceAll("[^A-Za-z0-9._-]", "_");
  }
}
