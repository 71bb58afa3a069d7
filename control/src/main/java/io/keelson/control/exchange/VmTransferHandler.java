package io.keelson.control.exchange;

import io.keelson.api.ApiErrors;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmTransfer;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vm;
import io.keelson.control.exchange.ImportOptions.InArchive;
import io.keelson.control.web.Unreached;
import io.keelson.control.web.WebRequests;
import io.keelson.host.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * VM.import: fetches an archive and imports it. Only what other servers serve is fetched, and no
 * files of this host.
 *
 * @param trust in servers that are spoken to over TLS
 */
public record VmTransferHandler(VmExchange exchange, Trust trust) implements VmTransfer {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MOST_STEPS = 5;
  private static final Set<Integer> ELSEWHERE = Set.of(301, 302, 303, 307, 308);
  private static final String LOGIN = "Authorization";

  /** How often it is looked whether the call was cancelled. */
  private static final Duration LOOKS = Duration.ofMillis(200);

  @Override
  public Set<Ref<Vm>> import_(
      Call call, String url, Ref<Sr> sr, boolean fullRestore, boolean force) {
    ImportOptions options =
        new ImportOptions(
            new InArchive(sr.isNull() ? Optional.empty() : Optional.of(sr)),
            fullRestore,
            force,
            false);
    HttpRequest request = WebRequests.to(url).timeout(PATIENCE).GET().build();
    HttpClient client =
        HttpClient.newBuilder().connectTimeout(PATIENCE).sslContext(trust.context()).build();
    Thread watch = Thread.ofVirtual().start(() -> cutWhenCancelled(call, client));
    try (InputStream archive = fetch(client, request)) {
      return exchange.take(call, new CancellableStream(archive, call), options);
    } catch (IOException e) {
      if (call.cancelled()) {
        throw ApiErrors.taskCancelled(call.task().text());
      }
      throw ApiErrors.importError("The archive cannot be fetched: " + Unreached.why(e));
    } finally {
      watch.interrupt();
      client.shutdownNow();
    }
  }

  /** Another server may say nothing for ever; whoever waits for it is woken by this. */
  private static void cutWhenCancelled(Call call, HttpClient client) {
    try {
      while (!call.cancelled()) {
        Thread.sleep(LOOKS);
      }
      client.shutdownNow();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Goes where the servers send it, as hosts of a pool do when another one has the disks. */
  private static InputStream fetch(HttpClient client, HttpRequest first) throws IOException {
    HttpRequest request = first;
    for (int step = 0; step <= MOST_STEPS; step++) {
      HttpResponse<InputStream> answer = send(client, request);
      if (answer.statusCode() == 200) {
        return answer.body();
      }
      answer.body().close();
      if (!ELSEWHERE.contains(answer.statusCode())) {
        throw new IOException("the other server answers with status " + answer.statusCode());
      }
      request = onwards(request, answer.headers().firstValue("Location").orElse(""));
    }
    throw new IOException("the other server sends on more than " + MOST_STEPS + " times");
  }

  private static HttpResponse<InputStream> send(HttpClient client, HttpRequest request)
      throws IOException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Never from TLS to a connection without, and no other server is told the login. */
  private static HttpRequest onwards(HttpRequest from, String location) throws IOException {
    URI next;
    try {
      next = from.uri().resolve(location);
    } catch (IllegalArgumentException _) {
      throw new IOException("the other server sends on to what is no address");
    }
    if (from.uri().getScheme().equals("https") && !"https".equals(next.getScheme())) {
      throw new IOException("the other server sends on to a connection without TLS");
    }
    HttpRequest.Builder request = WebRequests.to(next.toString()).timeout(PATIENCE).GET();
    if (origin(next).equals(origin(from.uri()))) {
      from.headers().firstValue(LOGIN).ifPresent(login -> request.setHeader(LOGIN, login));
    }
    return request.build();
  }

  private static String origin(URI uri) {
    return uri.getScheme() + "://" + uri.getHost() + ":" + uri.getPort();
  }
}
