package io.keelson.control.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.api.ApiErrors;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmTransfer;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vm;
import io.keelson.control.exchange.ImportOptions.InArchive;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/**
 * VM.import: fetches an archive and imports it. Only what other servers serve is fetched, and no
 * files of this host; where a server points elsewhere, nobody follows.
 */
public record VmTransferHandler(VmExchange exchange) implements VmTransfer {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Set<String> SCHEMES = Set.of("http", "https");

  @Override
  public Set<Ref<Vm>> import_(
      Call call, String url, Ref<Sr> sr, boolean fullRestore, boolean force) {
    ImportOptions options =
        new ImportOptions(
            new InArchive(sr.isNull() ? Optional.empty() : Optional.of(sr)),
            fullRestore,
            force,
            false);
    HttpRequest request = request(url);
    HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    try (InputStream archive = fetch(client, request)) {
      return exchange.take(call, new CancellableStream(archive, call), options);
    } catch (IOException e) {
      throw ApiErrors.importError("The archive cannot be fetched: " + e.getMessage());
    } finally {
      client.shutdownNow();
    }
  }

  private static HttpRequest request(String url) {
    try {
      URI uri = URI.create(url);
      if (uri.getScheme() == null || !SCHEMES.contains(uri.getScheme())) {
        throw ApiErrors.valueNotSupported("url", url, "Only http and https URLs are fetched");
      }
      HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(PATIENCE).GET();
      if (uri.getUserInfo() != null) {
        String who = Base64.getEncoder().encodeToString(uri.getUserInfo().getBytes(UTF_8));
        request.header("Authorization", "Basic " + who);
      }
      return request.build();
    } catch (IllegalArgumentException _) {
      throw ApiErrors.invalidValue("url", url);
    }
  }

  private static InputStream fetch(HttpClient client, HttpRequest request) throws IOException {
    try {
      HttpResponse<InputStream> answer =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      if (answer.statusCode() != 200) {
        answer.body().close();
        throw new IOException("the other server answers with status " + answer.statusCode());
      }
      return answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
