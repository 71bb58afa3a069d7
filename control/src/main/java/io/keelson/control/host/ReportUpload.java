package io.keelson.control.host;

import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.control.web.Upload;
import io.keelson.host.Progress;
import io.keelson.host.Trust;
import io.keelson.image.Compressed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;

/**
 * Sends a status report, as a compressed archive, to where its reader wants it.
 *
 * @param trust in servers that are spoken to over TLS
 */
record ReportUpload(StatusReport report, Trust trust) {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /**
   * @param options {@code http_proxy}: the proxy to go through
   * @throws io.keelson.api.ApiError SYSTEM_STATUS_RETRIEVAL_FAILED when it does not arrive
   */
  void send(Ref<Host> host, String url, Map<String, String> options, Progress progress) {
    byte[] archive = archive(host);
    new Upload(trust, PATIENCE)
        .put(
            url,
            options,
            "application/x-gzip",
            () -> new ByteArrayInputStream(archive),
            archive.length,
            progress);
  }

  private byte[] archive(Ref<Host> host) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = Compressed.GZIP.compress(bytes)) {
      report.writeTar(host, report.chosen(host, ""), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory raises none
    }
    return bytes.toByteArray();
  }
}
