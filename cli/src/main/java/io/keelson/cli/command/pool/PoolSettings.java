package io.keelson.cli.command.pool;

import static io.keelson.cli.command.Command.Mark.HIDDEN;

import io.keelson.api.Value;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.FileTransfer;
import io.keelson.cli.command.Invocation;
import java.io.IOException;
import java.util.List;

/** Whom the pool believes, its users' directory, and what is set for all its hosts. */
public final class PoolSettings {
  private static final List<String> NONE = List.of();
  private static final List<String> UUID = List.of("uuid");
  private static final List<String> FILE = List.of("filename");
  private static final List<String> NAME = List.of("name");

  private PoolSettings() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "pool-certificate-install",
            FILE,
            NONE,
            "Believes whoever proves itself with a certificate, or one that it has signed.",
            invocation -> install(invocation, "certificate_install")),
        named("pool-certificate-uninstall", "Forgets a certificate.", "certificate_uninstall"),
        listed("pool-certificate-list", "Lists the certificates installed.", "certificate_list"),
        Command.of(
            "pool-certificate-sync",
            NONE,
            NONE,
            "Brings certificates and revocation lists of all hosts in line.",
            invocation -> invocation.call("pool.certificate_sync")),
        Command.of(
            "pool-crl-install",
            FILE,
            NONE,
            "Installs a list of certificates that were revoked.",
            invocation -> install(invocation, "crl_install")),
        named("pool-crl-uninstall", "Forgets a list of revoked certificates.", "crl_uninstall"),
        listed("pool-crl-list", "Lists the revocation lists installed.", "crl_list"),
        Command.of(
            "pool-send-test-post",
            List.of("dest-host", "dest-port", "body"),
            NONE,
            "Posts a text to a server over HTTPS and shows the answer.",
            PoolSettings::post),
        Command.of(
            "pool-enable-external-auth",
            List.of("auth-type", "service-name"),
            List.of("uuid", "config:"),
            "Lets users of a directory log in: auth-type is AD or LDAP, config:<key>=<value> says"
                + " how it is asked.",
            PoolSettings::enableDirectory),
        Command.of(
            "pool-disable-external-auth",
            NONE,
            List.of("uuid", "config:"),
            "Lets no users of a directory log in any more.",
            invocation ->
                invocation.call(
                    "pool.disable_external_auth",
                    List.of(pool(invocation), Arguments.map(invocation, "config")))),
        onPool(
            "pool-enable-local-storage-caching",
            "Keeps what VMs read of shared disks on all hosts.",
            "enable_local_storage_caching",
            UUID,
            NONE),
        onPool(
            "pool-disable-local-storage-caching",
            "Keeps nothing of shared disks on any host.",
            "disable_local_storage_caching",
            UUID,
            NONE),
        onPool(
            "pool-enable-ssl-legacy",
            "Lets clients of long ago connect to all hosts.",
            "enable_ssl_legacy",
            NONE,
            UUID),
        onPool(
            "pool-disable-ssl-legacy",
            "Lets no clients of long ago connect to any host.",
            "disable_ssl_legacy",
            NONE,
            UUID),
        Command.of(
            "pool-set-vswitch-controller",
            List.of("address"),
            NONE,
            "Lets the server of an address steer the hosts' switches; none steers them without"
                + " one.",
            invocation ->
                invocation.call("pool.set_vswitch_controller", invocation.required("address")),
            HIDDEN));
  }

  private static Command named(String name, String help, String message) {
    return Command.of(
        name,
        NAME,
        NONE,
        help,
        invocation -> invocation.call("pool." + message, invocation.required("name")));
  }

  private static Command listed(String name, String help, String message) {
    return Command.of(
        name,
        NONE,
        NONE,
        help,
        invocation -> invocation.printer().list(Values.texts(invocation.call("pool." + message))));
  }

  private static Command onPool(
      String name, String help, String message, List<String> required, List<String> optional) {
    return Command.of(
        name,
        required,
        optional,
        help,
        invocation -> invocation.call("pool." + message, Arguments.poolOrThis(invocation, "uuid")));
  }

  private static Value pool(Invocation invocation) {
    return new Value.Text(Arguments.poolOrThis(invocation, "uuid"));
  }

  /** A file's name, without its folders, is what it is called from then on. */
  private static void install(Invocation invocation, String message) throws IOException {
    String file = invocation.required("filename");
    String text = FileTransfer.text(invocation, file);
    invocation.call("pool." + message, file.substring(file.lastIndexOf('/') + 1), text);
  }

  private static void post(Invocation invocation) throws IOException {
    Value answer =
        invocation.call(
            "pool.send_test_post",
            List.of(
                new Value.Text(invocation.required("dest-host")),
                Arguments.whole(invocation, "dest-port"),
                new Value.Text(invocation.required("body"))));
    invocation.printer().list(List.of(Values.text(answer)));
  }

  private static void enableDirectory(Invocation invocation) {
    invocation.call(
        "pool.enable_external_auth",
        List.of(
            pool(invocation),
            Arguments.map(invocation, "config"),
            new Value.Text(invocation.required("service-name")),
            new Value.Text(invocation.required("auth-type"))));
  }
}
