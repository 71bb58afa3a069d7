package io.keelson.http;

import static io.keelson.http.RawClient.jsonCall;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.http.tls.TlsPolicy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encrypted listeners, with a client that trusts the certificate that the server made. */
class TlsTest {
  @TempDir private Path directory;

  @Test
  void callsOverTls() throws Exception {
    try (HttpServer server = start()) {
      for (String version : List.of("TLSv1.3", "TLSv1.2")) {
        HttpResponse<String> answer = post(server, version, "peer");
        assertThat(answer.body()).contains("127.0.0.1 true");
        assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo(version);
      }
      assertThat(post(server, "TLSv1.3", "large").body().length())
          .isGreaterThan(TestEndpoint.LARGE);
      assertThatThrownBy(() -> post(server, "TLSv1.1", "peer")).isInstanceOf(SSLException.class);
    }
  }

  @Test
  void certificateIsMadeOnceAndKeptPrivate() throws Exception {
    start().close();
    byte[] first = Files.readAllBytes(directory.resolve("server.pem"));
    for (String file : List.of("server.pem", "server.key")) {
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(file))))
          .isEqualTo("rw-------");
    }
    start().close();
    assertThat(Files.readAllBytes(directory.resolve("server.pem"))).isEqualTo(first);
    X509Certificate certificate = certificate();
    certificate.checkValidity();
    assertThat(certificate.getSubjectX500Principal().getName()).contains("CN=host.example");
    assertThat(certificate.getSubjectAlternativeNames().toString())
        .contains("host.example", "localhost", "127.0.0.1", "10.1.2.3");
  }

  @Test
  void damagedFilesAreNamed() throws Exception {
    start().close();
    Files.writeString(directory.resolve("server.key"), "no key");
    assertThatThrownBy(this::start)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("server.key");
    Files.writeString(directory.resolve("server.pem"), "no certificate");
    assertThatThrownBy(this::start)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("server.pem");
  }

  @Test
  void whatClientsMayEncryptWithChangesAtOnce() throws Exception {
    try (HttpServer server = start()) {
      assertThatThrownBy(() -> old(server)).isInstanceOf(SSLException.class);
      server.secure(TlsPolicy.LEGACY);
      try (SSLSocket weak = old(server);
          SSLSocket strong = connect(server, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")) {
        server.secure(TlsPolicy.MODERN);
        assertThat(weak.getInputStream().read()).as("the weaker one is let go").isEqualTo(-1);
        strong.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
        assertThat(strong.getInputStream().read()).as("the other goes on").isEqualTo('H');
      }
      assertThatThrownBy(() -> old(server)).isInstanceOf(SSLException.class);
    }
  }

  @Test
  void aNewNameIsInANewCertificate() throws Exception {
    try (HttpServer server = start()) {
      assertThat(server.rename(List.of("other.example"))).isTrue();
      try (SSLSocket socket = connect(server, "TLS_AES_128_GCM_SHA256")) {
        var shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        assertThat(shown).isEqualTo(certificate());
        assertThat(shown.getSubjectAlternativeNames().toString())
            .contains("other.example", "localhost")
            .doesNotContain("host.example");
      }
    }
  }

  private SSLSocket old(HttpServer server) throws Exception {
    return connect(server, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA");
  }

  private SSLSocket connect(HttpServer server, String cipher) throws Exception {
    InetSocketAddress address = server.tlsAddress().orElseThrow();
    SSLSocket socket =
        (SSLSocket)
            trusting().getSocketFactory().createSocket(address.getAddress(), address.getPort());
    socket.setSoTimeout(30_000);
    socket.setEnabledProtocols(new String[] {cipher.startsWith("TLS_AES") ? "TLSv1.3" : "TLSv1.2"});
    socket.setEnabledCipherSuites(new String[] {cipher});
    try {
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private SSLContext trusting() throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("server", certificate());
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  /** A client that speaks no TLS costs a closed connection, nothing more. */
  @Test
  void plainTextToTheTlsPort() throws Exception {
    try (HttpServer server = start();
        RawClient client = new RawClient(server.tlsAddress().orElseThrow())) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(client.in().readAllBytes().length).isLessThan(100);
      assertThat(post(server, "TLSv1.3", "peer").statusCode()).isEqualTo(200);
    }
  }

  private HttpServer start() throws IOException {
    return HttpServer.start(
        new HttpConfig(
            Optional.empty(),
            Optional.of(
                new HttpConfig.TlsListener(
                    TestServers.ANY,
                    directory,
                    List.of("host.example", "10.1.2.3"),
                    TlsPolicy.MODERN)),
            Optional.empty(),
            HttpLimits.DEFAULT),
        new TestEndpoint(),
        TestServers.AUTHENTICATOR,
        List.of());
  }

  private HttpResponse<String> post(HttpServer server, String version, String method)
      throws Exception {
    SSLContext context = trusting();
    SSLParameters parameters = context.getDefaultSSLParameters();
    parameters.setProtocols(new String[] {version});
    InetSocketAddress address = server.tlsAddress().orElseThrow();
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(context)
            .sslParameters(parameters)
            .build()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("https://localhost:" + address.getPort() + "/jsonrpc"))
              .POST(HttpRequest.BodyPublishers.ofString(jsonCall(method, "")))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private X509Certificate certificate() throws Exception {
    try (var in = Files.newInputStream(directory.resolve("server.pem"))) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }
}
