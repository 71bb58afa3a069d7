package io.keelson.host.directory;

import com.unboundid.ldap.sdk.BindRequest;
import com.unboundid.ldap.sdk.DNSSRVRecordServerSet;
import com.unboundid.ldap.sdk.FailoverServerSet;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.PostConnectProcessor;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.ServerSet;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.SingleServerSet;
import com.unboundid.ldap.sdk.StartTLSPostConnectProcessor;
import com.unboundid.util.ssl.HostNameSSLSocketVerifier;
import io.keelson.host.DirectoryException;
import io.keelson.host.DirectoryException.Reason;
import io.keelson.host.Trust;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Connections to the servers of a directory; each question has its own. */
final class LdapConnections {
  private final LdapSettings settings;
  private final ServerSet servers;

  private LdapConnections(LdapSettings settings, ServerSet servers) {
    this.settings = settings;
    this.servers = servers;
  }

  static LdapConnections to(LdapSettings settings, Trust trust) {
    SSLSocketFactory tls = LdapTrust.sockets(settings, trust);
    LDAPConnectionOptions options = options(settings);
    PostConnectProcessor startTls =
        settings.startTls() ? new StartTLSPostConnectProcessor(tls) : null;
    if (settings.servers().isEmpty()) {
      return new LdapConnections(
          settings,
          new DNSSRVRecordServerSet(
              "_ldap._tcp." + settings.domain(), null, null, 0, null, options, null, startTls));
    }
    List<ServerSet> each =
        settings.servers().stream().map(s -> one(s, tls, options, startTls)).toList();
    return new LdapConnections(settings, new FailoverServerSet(each));
  }

  private static ServerSet one(
      LdapSettings.Server server,
      SSLSocketFactory tls,
      LDAPConnectionOptions options,
      @Nullable PostConnectProcessor startTls) {
    BindRequest nobody = null;
    return server.tls()
        ? new SingleServerSet(server.host(), server.port(), tls, options, nobody, null)
        : new SingleServerSet(server.host(), server.port(), null, options, nobody, startTls);
  }

  private static LDAPConnectionOptions options(LdapSettings settings) {
    int millis = Math.toIntExact(settings.timeout().toMillis());
    LDAPConnectionOptions options = new LDAPConnectionOptions();
    options.setUseSynchronousMode(true);
    options.setConnectTimeoutMillis(millis);
    options.setResponseTimeoutMillis(millis);
    options.setFollowReferrals(false);
    if (settings.verify()) {
      options.setSSLSocketVerifier(new HostNameSSLSocketVerifier(true));
    }
    return options;
  }

  /** A connection of the account that questions are asked with, or of nobody if there is none. */
  LDAPConnection open() {
    LDAPConnection connection = connect();
    Optional<LdapSettings.Account> account = settings.account();
    if (account.isPresent()) {
      try {
        bind(connection, account.get().name(), account.get().password());
      } catch (LDAPException e) {
        connection.close();
        throw LdapFaults.of(e);
      }
    }
    return connection;
  }

  /** Raises REFUSED unless the password is the one of that entry. */
  void prove(String dn, String password) {
    try (LDAPConnection connection = connect()) {
      bind(connection, dn, password);
    } catch (LDAPException e) {
      DirectoryException fault = LdapFaults.of(e);
      throw fault.reason() == Reason.UNREACHABLE
          ? fault
          : new DirectoryException(Reason.REFUSED, "wrong user name or password", e);
    }
  }

  /** A bind without a password succeeds as nobody, and proves nothing. */
  private static void bind(LDAPConnection connection, String name, String password)
      throws LDAPException {
    if (password.isEmpty()) {
      throw new LDAPException(ResultCode.INVALID_CREDENTIALS, "the password is empty");
    }
    connection.bind(new SimpleBindRequest(name, password));
  }

  private LDAPConnection connect() {
    try {
      return servers.getConnection();
    } catch (LDAPException e) {
      boolean unnamed = settings.servers().isEmpty() && !isOfConnection(e.getResultCode());
      throw new DirectoryException(
          unnamed ? Reason.NO_SERVER : Reason.UNREACHABLE, LdapFaults.why(e), e);
    }
  }

  private static boolean isOfConnection(ResultCode code) {
    return code.equals(ResultCode.CONNECT_ERROR) || code.equals(ResultCode.SERVER_DOWN);
  }
}
