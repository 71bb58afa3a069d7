package io.keelson.control.directory;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/** An LDAP server on loopback, with users and groups. */
final class TestDirectory implements AutoCloseable {
  static final String BASE = "dc=example,dc=com";
  static final String SECRET = "the reader's password";

  private final InMemoryDirectoryServer server;

  TestDirectory() throws LDAPException {
    InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(BASE);
    config.setSchema(null);
    config.addAdditionalBindCredentials("cn=reader," + BASE, SECRET);
    config.setListenerConfigs(
        InMemoryListenerConfig.createLDAPConfig(
            "plain", InetAddress.getLoopbackAddress(), 0, null));
    server = new InMemoryDirectoryServer(config);
    server.startListening();
    Entry base = new Entry(BASE);
    base.addAttribute("objectClass", "domain");
    server.add(base);
  }

  static String user(String name) {
    return "uid=" + name + "," + BASE;
  }

  static String group(String name) {
    return "cn=" + name + "," + BASE;
  }

  static String password(String name) {
    return "secret of " + name;
  }

  void addUser(String name) throws LDAPException {
    Entry entry = new Entry(user(name));
    entry.addAttribute("objectClass", "inetOrgPerson");
    entry.addAttribute("uid", name);
    entry.addAttribute("userPassword", password(name));
    server.add(entry);
  }

  void addGroup(String name, String... members) throws LDAPException {
    Entry entry = new Entry(group(name));
    entry.addAttribute("objectClass", "groupOfNames");
    entry.addAttribute("cn", name);
    entry.addAttribute("member", members);
    server.add(entry);
  }

  void set(String dn, String attribute, String... values) throws LDAPException {
    server.modify(dn, new Modification(ModificationType.REPLACE, attribute, values));
  }

  void delete(String dn) throws LDAPException {
    server.delete(dn);
  }

  void stop() {
    server.shutDown(true);
  }

  /** As a client gives them. */
  Map<String, String> settings() {
    return new HashMap<>(
        Map.of(
            "url",
            "ldap://127.0.0.1:" + server.getListenPort(),
            "tls",
            "none",
            "user",
            "cn=reader," + BASE,
            "pass",
            SECRET));
  }

  @Override
  public void close() {
    server.close();
  }
}
