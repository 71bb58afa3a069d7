package io.keelson.cli.command.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.api.ApiError;
import io.keelson.api.ErrorCode;
import io.keelson.api.Value;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.FileTransfer;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.record.Line;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Editions and licences. */
public final class Licences {
  private static final List<String> NONE = List.of();
  private static final List<String> HOST = List.of("host-uuid");
  private static final String ADDRESS = "license-server-address";
  private static final String PORT = "license-server-port";
  private static final int LAST_PORT = 65_535;

  /** There is one, and it is free. */
  private static final List<String> EDITIONS = List.of("free");

  private static final Set<String> NOT_SHOWN = Set.of("sockets", "sku_type");

  private Licences() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "host-license-add",
            List.of("license-file"),
            HOST,
            "Gives a host a licence.",
            Licences::add),
        Command.of(
            "host-license-remove",
            NONE,
            HOST,
            "Takes all licences from a host.",
            invocation -> invocation.call("host.license_remove", host(invocation))),
        Command.of(
            "host-license-view", NONE, HOST, "Shows what a host's licence says.", Licences::view),
        Command.of(
            "host-apply-edition",
            List.of("edition"),
            List.of("host-uuid", ADDRESS, PORT),
            "Gives a host another edition.",
            Licences::applyToHost),
        Command.of(
            "host-all-editions",
            NONE,
            NONE,
            "Lists the editions that there are.",
            invocation -> invocation.printer().list(EDITIONS)),
        Command.of(
            "pool-apply-edition",
            List.of("edition"),
            List.of("uuid", ADDRESS, PORT),
            "Gives all hosts another edition.",
            Licences::applyToPool));
  }

  private static String host(Invocation invocation) {
    return Arguments.hostOrThis(invocation, "host-uuid");
  }

  private static void add(Invocation invocation) throws IOException {
    byte[] file =
        FileTransfer.text(invocation, invocation.required("license-file")).getBytes(UTF_8);
    invocation.call("host.license_add", host(invocation), Base64.getEncoder().encodeToString(file));
    invocation.printer().message("License applied.");
  }

  private static void view(Invocation invocation) throws IOException {
    Map<String, String> licence =
        Values.map(invocation.call("host.get_license_params", host(invocation)));
    List<Line> lines = new ArrayList<>();
    licence.forEach((key, value) -> {
      if (!NOT_SHOWN.contains(key)) {
        lines.add(new Line(key, value));
      }
    });
    invocation.printer().table(List.of(lines));
  }

  private static void applyToHost(Invocation invocation) throws IOException {
    String host = host(invocation);
    withServer(
        invocation,
        List.of(host),
        () ->
            invocation.call(
                "host.apply_edition",
                List.of(new Value.Text(host), edition(invocation), new Value.Flag(false))));
  }

  private static void applyToPool(Invocation invocation) throws IOException {
    Value pool = new Value.Text(Arguments.poolOrThis(invocation, "uuid"));
    withServer(
        invocation,
        Values.texts(invocation.call("host.get_all")),
        () -> invocation.call("pool.apply_edition", List.of(pool, edition(invocation))));
  }

  private static Value edition(Invocation invocation) {
    return new Value.Text(invocation.required("edition"));
  }

  /**
   * Names the server of licences first; hosts keep the former one when the edition is not given.
   */
  private static void withServer(Invocation invocation, List<String> hosts, Runnable apply)
      throws IOException {
    Map<String, String> server = new HashMap<>();
    invocation.get(ADDRESS).ifPresent(address -> server.put("address", address));
    invocation.get(PORT).ifPresent(port -> server.put("port", checked(port)));
    Map<String, Map<String, String>> former = new HashMap<>();
    for (String host : hosts) {
      Map<String, String> before = Values.map(invocation.call("host.get_license_server", host));
      former.put(host, before);
      if (!server.isEmpty()) {
        Map<String, String> after = new HashMap<>(before);
        after.putAll(server);
        set(invocation, host, after);
      }
    }
    try {
      apply.run();
    } catch (ApiError error) {
      if (!server.isEmpty()) {
        former.forEach((host, before) -> set(invocation, host, before));
      }
      if (error.code() == ErrorCode.INVALID_EDITION) {
        invocation
            .terminal()
            .printError("Valid editions are: " + String.join(", ", EDITIONS) + "\n");
      }
      throw error;
    }
  }

  private static void set(Invocation invocation, String host, Map<String, String> server) {
    invocation.call("host.set_license_server", List.of(new Value.Text(host), Values.of(server)));
  }

  private static String checked(String port) {
    try {
      int number = Integer.parseInt(port);
      if (number >= 0 && number <= LAST_PORT) {
        return port;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw CommandException.failed(
        "Failed to parse parameter '" + PORT + "': expecting a number of a port");
  }
}
