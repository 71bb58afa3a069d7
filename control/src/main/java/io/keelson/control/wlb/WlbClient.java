package io.keelson.control.wlb;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.Call;
import io.keelson.control.web.XmlElement;
import io.keelson.host.Trust;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.xml.stream.XMLStreamException;

/**
 * Asks workload balancing servers, within the bounds of time and size that there are for answers.
 *
 * @param trust in servers whose certificates are checked
 */
record WlbClient(Trust trust) {
  private static final int LONGEST = 8 << 20;
  private static final long LONGEST_REPORT = 512L << 20;
  private static final int SHOWN = 1000;
  private static final int FAULT = 500;

  /**
   * The result of a method.
   *
   * @param members of the request, as XML
   * @throws ApiError WLB_* of what went wrong; SSL_VERIFY_ERROR when the server does not prove who
   *     it is; TASK_CANCELLED
   */
  XmlElement ask(Call call, WlbServer server, String method, String members) {
    HttpResponse<byte[]> response =
        exchange(
            call,
            server,
            method,
            members,
            BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST));
    requireAnswer(method, response.statusCode());
    return result(method, response.body());
  }

  /**
   * Stores the answer to a method, however long, in a file that is there.
   *
   * @throws ApiError as {@link #ask}
   */
  void fetch(Call call, WlbServer server, String method, String members, Path file) {
    HttpResponse<Path> response =
        exchange(
            call,
            server,
            method,
            members,
            BodyHandlers.limiting(BodyHandlers.ofFile(file), LONGEST_REPORT));
    requireAnswer(method, response.statusCode());
  }

  /** The result in a whole answer. */
  static XmlElement result(String method, byte[] answer) {
    try {
      XmlElement envelope = XmlElement.read(answer);
      Optional<XmlElement> body = envelope.child("Body");
      XmlElement result =
          body.flatMap(b -> b.at(method + "Response", method + "Result"))
              .orElseThrow(() -> fault(method, body, answer));
      String code = result.value("ResultCode").orElse("0");
      if (!code.equals("0")) {
        throw ApiErrors.wlbInternalError(List.of(code, result.value("ErrorMessage").orElse("")));
      }
      return result;
    } catch (XMLStreamException e) {
      throw malformed(method, "it is no XML that can be read", answer);
    }
  }

  static ApiError malformed(String method, String why, byte[] answer) {
    String text = new String(answer, 0, Math.min(answer.length, SHOWN), UTF_8);
    // What cannot be shown as XML must not stand in an error either.
    return ApiErrors.wlbMalformedResponse(
        method, why, text.replaceAll("[^\\t\\n\\x20-\\x7E\\xA0-\\uD7FF]", "?"));
  }

  /** What a server says that could not do it; SOAP 1.1 and 1.2 differ in where. */
  private static ApiError fault(String method, Optional<XmlElement> body, byte[] answer) {
    Optional<XmlElement> fault = body.flatMap(b -> b.child("Fault"));
    return fault
        .flatMap(f -> f.at("Reason", "Text").or(() -> f.child("faultstring")))
        .map(text -> ApiErrors.wlbInternalError(List.of("Exception:", text.text().strip())))
        .orElseGet(() -> malformed(method, "there is no result in it", answer));
  }

  /** Servers say what is wrong in an answer of status 500. */
  private static void requireAnswer(String method, int status) {
    if (status == 401 || status == 403) {
      throw ApiErrors.wlbAuthenticationFailed();
    }
    if (status / 100 != 2 && status != FAULT) {
      throw malformed(method, "the server answers with status " + status, new byte[0]);
    }
  }

  private <T> HttpResponse<T> exchange(
      Call call, WlbServer server, String method, String members, BodyHandler<T> body) {
    HttpRequest request =
        HttpRequest.newBuilder(server.service())
            .header("SOAPAction", Soap.action(method))
            .header("Content-Type", "text/xml; charset=utf-8")
            .header("Authorization", server.authorization())
            .POST(BodyPublishers.ofString(Soap.request(method, members)))
            .build();
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(server.verify() ? trust.context() : AnyCertificate.context())
            .build();
    try {
      return await(call, server.patience(), client.sendAsync(request, body));
    } catch (ExecutionException e) {
      throw WlbFailures.of(method, e);
    } finally {
      client.shutdownNow();
    }
  }

  private static <T> T await(Call call, Duration patience, CompletableFuture<T> answer)
      throws ExecutionException {
    long until = System.nanoTime() + patience.toNanos();
    while (true) {
      long left = until - System.nanoTime();
      try {
        return answer.get(Math.clamp(left, 1, 100_000_000L), TimeUnit.NANOSECONDS);
      } catch (TimeoutException _) {
        if (call.cancelled()) {
          throw ApiErrors.taskCancelled(call.task().text());
        }
        if (left <= 0) {
          throw ApiErrors.wlbTimeout(Double.toString(patience.toMillis() / 1000.0));
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw ApiErrors.taskCancelled(call.task().text());
      }
    }
  }
}
