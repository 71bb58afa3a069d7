package io.keelson.testkit.machines;

import static io.keelson.testkit.wire.Values.text;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.wire.Api;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Exports and imports over HTTP, as a client of files does them. */
final class Archives {
  private static final Pattern REFERENCE = Pattern.compile("OpaqueRef:[0-9a-f-]{36}");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ServerBox box;
  private final Api api;

  Archives(ServerBox box, Api api) {
    this.box = box;
    this.api = api;
  }

  /** Fetches an archive into a file. */
  Path fetch(String path, Path file) throws IOException {
    HttpResponse<Path> answer =
        send(request(path).GET().build(), HttpResponse.BodyHandlers.ofFile(file));
    if (answer.statusCode() != 200) {
      throw new IOException("HTTP " + answer.statusCode());
    }
    return file;
  }

  /** Sends an archive whole; gives the new objects that the task names. */
  List<String> send(String path, Path file) throws IOException {
    return send(path, HttpRequest.BodyPublishers.ofFile(file));
  }

  private List<String> send(String path, HttpRequest.BodyPublisher archive) throws IOException {
    String task = api.read("task.create", text("import"), text(""));
    HttpResponse<String> answer =
        send(
            request(path + "&task_id=" + task).PUT(archive).build(),
            HttpResponse.BodyHandlers.ofString());
    String result = api.read("task.get_result", text(task));
    if (answer.statusCode() != 200) {
      throw new IOException("HTTP " + answer.statusCode() + ": " + answer.body());
    }
    return named(result);
  }

  /** The objects that a text names. */
  static List<String> named(String text) {
    return REFERENCE.matcher(text).results().map(MatchResult::group).toList();
  }

  /** Sends an archive without saying how long it is; gives the new objects. */
  List<String> stream(String path, byte[] archive) throws IOException {
    return send(
        path, HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(archive)));
  }

  /** Sends an archive that is to be refused; gives code and parameters. */
  List<String> refused(String path, byte[] archive) {
    HttpResponse<String> answer =
        send(
            request(path).PUT(HttpRequest.BodyPublishers.ofByteArray(archive)).build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() == 200) {
      throw new AssertionError("nobody minded");
    }
    return answer.body().strip().lines().toList();
  }

  private HttpRequest.Builder request(String path) {
    String separator = path.contains("?") ? "&" : "?";
    URI target = box.api().resolve(path + separator + "session_id=" + api.session().asString());
    return HttpRequest.newBuilder(target).timeout(Duration.ofMinutes(2));
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return client.send(request, handler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** An archive made by hand, with other code than the server's. */
  static byte[] tar(List<Part> parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Part part : parts) {
      byte[] header = new byte[512];
      put(header, 0, part.name());
      put(header, 100, "0000644\0" + "0000000\0" + "0000000\0");
      put(header, 124, "%011o\0".formatted(part.contents().length));
      put(header, 136, "00000000000\0        0");
      int sum = 0;
      for (byte b : header) {
        sum += Byte.toUnsignedInt(b);
      }
      put(header, 148, "%06o\0 ".formatted(sum));
      out.writeBytes(header);
      out.writeBytes(part.contents());
      out.writeBytes(new byte[-part.contents().length & 511]);
    }
    out.writeBytes(new byte[1024]);
    return out.toByteArray();
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  /** A file in an archive. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  record Part(String name, byte[] contents) {
    static Part of(String name, String contents) {
      return new Part(name, contents.getBytes(US_ASCII));
    }
  }
}
