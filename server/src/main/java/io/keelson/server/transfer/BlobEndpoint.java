package io.keelson.server.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.api.ApiErrors;
import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.api.model.Blob;
import io.keelson.control.blob.Blobs;
import io.keelson.control.gate.HttpAction;
import io.keelson.http.HttpAnswer;
import io.keelson.http.HttpCall;
import io.keelson.http.Route;
import io.keelson.wire.Encoded;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * The contents of blobs: /blob. Public ones can be fetched by whoever knows their names; such a
 * request has no task, and is told nothing of blobs that are not public.
 */
public final class BlobEndpoint {
  private static final String PATH = "/blob";
  private static final String OCTETS = "application/octet-stream";
  private static final Pattern MEDIA_TYPE = Pattern.compile("[!-~]+/[!-~]+( *;[ -~]*)?");

  private final TransferEndpoint transfers;
  private final Blobs blobs;

  public BlobEndpoint(TransferEndpoint transfers, Blobs blobs) {
    this.transfers = transfers;
    this.blobs = blobs;
  }

  public List<Route> routes() {
    Route fetch = transfers.route("GET", PATH, HttpAction.GET_BLOB, "Fetching a blob", this::fetch);
    return List.of(
        new Route(
            fetch.method(),
            fetch.prefix(),
            fetch.action(),
            fetch.least(),
            true,
            call -> call.session().isPresent() ? fetch.handler().handle(call) : fetchPublic(call)),
        transfers.route("PUT", PATH, HttpAction.PUT_BLOB, "Storing a blob", this::store));
  }

  private Reply store(TransferCall call) {
    Ref<Blob> blob = blobs.find(name(call.parameter("ref").or(() -> call.parameter("uuid"))));
    blobs.upload(call.call(), blob, call.body(), call.length());
    return Reply.NOTHING;
  }

  private Reply fetch(TransferCall call) {
    Ref<Blob> blob = blobs.find(name(call.parameter("ref").or(() -> call.parameter("uuid"))));
    try (Blobs.Content content = blobs.open(blob)) {
      OutputStream out =
          call.reply(type(content), Optional.of(content.uuid()), OptionalLong.of(content.size()));
      copy(content, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Reply.NOTHING;
  }

  private static String name(Optional<String> parameter) {
    return parameter.orElseThrow(() -> ApiErrors.invalidValue("ref", ""));
  }

  private HttpAnswer fetchPublic(HttpCall call) throws IOException {
    Optional<Ref<Blob>> blob =
        call.parameter("ref")
            .or(() -> call.parameter("uuid"))
            .filter(_ -> call.path().equals(PATH))
            .flatMap(blobs::findPublic);
    if (blob.isEmpty()) {
      return new HttpAnswer.Whole(
          401,
          "text/plain; charset=utf-8",
          Map.of("WWW-Authenticate", "Basic realm=\"get_blob\""),
          Encoded.of("Log in first.\n".getBytes(UTF_8)));
    }
    try (Blobs.Content content = blobs.open(blob.get())) {
      Map<String, String> headers = new LinkedHashMap<>();
      headers.put("content-type", type(content));
      headers.put("content-disposition", "attachment; filename=\"" + content.uuid() + "\"");
      headers.put("cache-control", "no-cache, no-store");
      OutputStream out = call.exchange().begin(200, headers, OptionalLong.of(content.size()));
      copy(content, out);
      return new HttpAnswer.Begun(true);
    }
  }

  private static void copy(Blobs.Content content, OutputStream out) throws IOException {
    if (content.content().isPresent()) {
      FileChannel channel = content.content().get();
      try (InputStream in = Channels.newInputStream(channel)) {
        in.transferTo(out);
      }
    }
    out.flush();
  }

  /** What the client that made the blob called it, if that can stand in a header. */
  private static String type(Blobs.Content content) {
    return MEDIA_TYPE.matcher(content.mimeType()).matches() ? content.mimeType() : OCTETS;
  }
}
