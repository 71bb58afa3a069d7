package io.keelson.testkit.tour;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPException;
import io.keelson.testkit.access.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import javax.net.ssl.SSLContext;

/** The directory that a page of the guide names: as Active Directory keeps entries, over TLS. */
final class CompanyDirectory implements AutoCloseable {
  private static final String BASE = "dc=example,dc=com";
  private static final String READER = "cn=reader," + BASE;
  private static final String READS = "the reader's password";
  private static final String MEMBER = "the member's password";

  private final InMemoryDirectoryServer server;
  private final Path authority;

  /**
   * Starts it.
   *
   * @param folder where the certificate is put of the authority that vouches for it
   */
  CompanyDirectory(Path folder) throws LDAPException, GeneralSecurityException, IOException {
    TestAuthority certificates = new TestAuthority("Authority of a company");
    SSLContext context = certificates.serving(certificates.server(1));
    InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(BASE);
    config.setSchema(null);
    config.addAdditionalBindCredentials(READER, READS);
    config.setListenerConfigs(
        InMemoryListenerConfig.createLDAPSConfig(
            "tls",
            InetAddress.getLoopbackAddress(),
            0,
            context.getServerSocketFactory(),
            context.getSocketFactory()));
    authority = Files.writeString(folder.resolve("company.pem"), certificates.pem());
    server = new InMemoryDirectoryServer(config);
    server.startListening();
    Entry base = new Entry(BASE);
    base.addAttribute("objectClass", "domain");
    server.add(base);
    add("alice", "user", 1101, "userPassword", MEMBER);
    add("operators", "group", 1201, "member", "cn=alice," + BASE);
  }

  private void add(String name, String kind, int number, String attribute, String value)
      throws LDAPException {
    Entry entry = new Entry("cn=" + name + "," + BASE);
    entry.addAttribute("objectClass", kind);
    entry.addAttribute("sAMAccountName", name);
    entry.addAttribute("objectSid", identifier(number));
    entry.addAttribute(attribute, value);
    server.add(entry);
  }

  /** {@code S-1-5-21-1-2-3-NUMBER}. */
  private static byte[] identifier(int number) {
    int[] parts = {21, 1, 2, 3, number};
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + parts.length * Integer.BYTES);
    bytes.putLong(5).put(0, (byte) 1).put(1, (byte) parts.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int part : parts) {
      bytes.putInt(part);
    }
    return bytes.array();
  }

  /** What the page wants to know. */
  Map<String, String> facts() {
    return Map.of(
        "domain",
        "example.com",
        "directory",
        "ldaps://127.0.0.1:" + server.getListenPort(),
        "authority",
        authority.toString(),
        "reader",
        READER,
        "reader_password",
        READS,
        "group",
        "EXAMPLE\\operators",
        "member",
        "alice",
        "member_password",
        MEMBER);
  }

  @Override
  public void close() {
    server.shutDown(true);
  }
}
