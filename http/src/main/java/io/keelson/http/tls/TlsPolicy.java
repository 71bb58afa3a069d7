package io.keelson.http.tls;

import java.security.Security;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What clients may encrypt with. SSL is in neither: it protects nobody. */
public enum TlsPolicy {
  /** TLS 1.2 and 1.3, with ciphers that authenticate what they encrypt and keys that pass. */
  MODERN,

  /** The same, and what clients of ten years ago have. */
  LEGACY;

  private static final List<String> STRONG =
      List.of(
          "TLS_AES_256_GCM_SHA384",
          "TLS_AES_128_GCM_SHA256",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256");

  private static final List<String> WEAKER =
      List.of(
          "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
          "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
          "TLS_DHE_RSA_WITH_AES_256_CBC_SHA",
          "TLS_DHE_RSA_WITH_AES_128_CBC_SHA",
          "TLS_RSA_WITH_AES_256_CBC_SHA",
          "TLS_RSA_WITH_AES_128_CBC_SHA");

  /** Where Java keeps what no connection of the process may use. */
  private static final String DISABLED = "jdk.tls.disabledAlgorithms";

  /** What of it {@link #LEGACY} needs. */
  private static final List<String> NEEDED = List.of("TLSv1", "TLSv1.1", "TLS_RSA_*");

  List<String> protocols() {
    return switch (this) {
      case MODERN -> List.of("TLSv1.3", "TLSv1.2");
      case LEGACY -> List.of("TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1");
    };
  }

  List<String> ciphers() {
    return switch (this) {
      case MODERN -> STRONG;
      case LEGACY -> Stream.concat(STRONG.stream(), WEAKER.stream()).toList();
    };
  }

  /** Whether a connection made so may go on. */
  public boolean allows(String protocol, String cipher) {
    return protocols().contains(protocol) && ciphers().contains(cipher);
  }

  /**
   * Lets {@link #LEGACY} mean something in this process: Java reads what it refuses everywhere
   * once, before the first connection. Connections that the process itself opens stay with TLS 1.2
   * and 1.3.
   */
  public static void prepareProcess() {
    String refused = Security.getProperty(DISABLED);
    if (refused != null) {
      Security.setProperty(
          DISABLED,
          Arrays.stream(refused.split(","))
              .map(String::strip)
              .filter(algorithm -> !NEEDED.contains(algorithm))
              .collect(Collectors.joining(", ")));
    }
    System.setProperty("jdk.tls.client.protocols", String.join(",", MODERN.protocols()));
  }
}
