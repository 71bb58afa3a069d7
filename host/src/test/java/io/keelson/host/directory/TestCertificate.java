package io.keelson.host.directory;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.util.ssl.KeyStoreKeyManager;
import com.unboundid.util.ssl.SSLUtil;
import io.keelson.host.process.Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLContext;

/** A certificate that a server of a test shows, made by itself. */
public final class TestCertificate {
  private static final String PASSWORD = "changeit";

  private final Path file;
  private final KeyStore store;

  private TestCertificate(Path file, KeyStore store) {
    this.file = file;
    this.store = store;
  }

  /**
   * @param names as keytool has them: {@code ip:127.0.0.1}
   */
  public static TestCertificate make(Path folder, String names)
      throws IOException, GeneralSecurityException {
    Path file = folder.resolve("server.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var made =
        Program.run(
            Duration.ofSeconds(60),
            List.of(
                keytool,
                "-genkeypair",
                "-keyalg",
                "RSA",
                "-alias",
                "server",
                "-dname",
                "CN=directory",
                "-ext",
                "san=" + names,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString()));
    assertThat(made.ok()).as(made.complaint()).isTrue();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return new TestCertificate(file, store);
  }

  public SSLContext context() throws GeneralSecurityException {
    return new SSLUtil(
            new KeyStoreKeyManager(file.toString(), PASSWORD.toCharArray(), "PKCS12", "server"),
            null)
        .createSSLContext();
  }

  String pem() throws GeneralSecurityException {
    return pem("CERTIFICATE", store.getCertificate("server").getEncoded());
  }

  /** SHA-256 of the certificate, in hexadecimal. */
  public String fingerprint() throws GeneralSecurityException {
    byte[] certificate = store.getCertificate("server").getEncoded();
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate));
  }

  String key() throws GeneralSecurityException {
    return pem("PRIVATE KEY", store.getKey("server", PASSWORD.toCharArray()).getEncoded());
  }

  private static String pem(String what, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(
            what, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content), what);
  }
}
