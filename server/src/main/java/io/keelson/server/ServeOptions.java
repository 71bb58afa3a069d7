package io.keelson.server;

import io.keelson.control.network.Uplinks;
import io.keelson.http.HttpConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@code serve} was told.
 *
 * @param data folder that everything is kept in
 * @param listen address of the plain listener
 * @param tlsListen address of the TLS listener, if there is to be one
 * @param socket path of the unix socket: in the data folder unless told otherwise, where that is
 *     not too deep for one
 * @param socketGroup whose members may connect to it
 * @param driver what runs the virtual machines
 * @param hosts how many hosts the simulator has
 * @param metricsLogin whether /metrics and /health are only for who has logged in
 * @param uplinks the machine's interfaces that networks may have
 * @param rebootCommand what restarts the machine, for a shell
 * @param shutdownCommand what turns the machine off, for a shell
 * @param hostnameCommand what names the machine, for a shell, which puts the name behind it
 */
public record ServeOptions(
    Path data,
    InetSocketAddress listen,
    Optional<InetSocketAddress> tlsListen,
    Optional<Path> socket,
    Optional<String> socketGroup,
    Driver driver,
    int hosts,
    boolean metricsLogin,
    Uplinks uplinks,
    Optional<String> rebootCommand,
    Optional<String> shutdownCommand,
    Optional<String> hostnameCommand) {

  /** What can run virtual machines. */
  public enum Driver {
    QEMU,
    SIM
  }

  /**
   * Reads the command line behind {@code serve}.
   *
   * @throws UsageError when it cannot be understood
   */
  public static ServeOptions parse(List<String> words) {
    Path data = null;
    InetSocketAddress listen = null;
    Optional<InetSocketAddress> tls = Optional.empty();
    Optional<String> socket = Optional.empty();
    Optional<String> socketGroup = Optional.empty();
    Driver driver = Driver.QEMU;
    int hosts = 1;
    boolean metricsLogin = true;
    Uplinks uplinks = Uplinks.NONE;
    Optional<String> reboot = Optional.empty();
    Optional<String> shutdown = Optional.empty();
    Optional<String> hostname = Optional.empty();
    Iterator<String> rest = words.iterator();
    while (rest.hasNext()) {
      String option = rest.next();
      switch (option) {
        case "--data" -> data = Path.of(value(option, rest)).toAbsolutePath().normalize();
        case "--listen" -> listen = address(value(option, rest));
        case "--tls-listen" -> tls = optionalAddress(value(option, rest));
        case "--socket" -> socket = Optional.of(value(option, rest));
        case "--socket-group" -> socketGroup = Optional.of(value(option, rest));
        case "--driver" -> driver = driver(value(option, rest));
        case "--hosts" -> hosts = count(value(option, rest));
        case "--metrics-login" -> metricsLogin = yes(option, value(option, rest));
        case "--uplinks" -> uplinks = uplinks(value(option, rest));
        case "--reboot-command" -> reboot = Optional.of(value(option, rest));
        case "--shutdown-command" -> shutdown = Optional.of(value(option, rest));
        case "--hostname-command" -> hostname = Optional.of(value(option, rest));
        default -> throw new UsageError("serve does not know " + option);
      }
    }
    if (data == null || listen == null) {
      throw new UsageError("serve needs --data DIR and --listen ADDR:PORT");
    }
    if (hosts > 1 && driver != Driver.SIM) {
      throw new UsageError("only the simulator has more than one host");
    }
    return new ServeOptions(
        data,
        listen,
        tls,
        socket(data, socket),
        socketGroup,
        driver,
        hosts,
        metricsLogin,
        uplinks,
        reboot,
        shutdown,
        hostname);
  }

  /** The same at other addresses. */
  ServeOptions at(InetSocketAddress plain, Optional<InetSocketAddress> tls) {
    return new ServeOptions(
        data,
        plain,
        tls,
        socket,
        socketGroup,
        driver,
        hosts,
        metricsLogin,
        uplinks,
        rebootCommand,
        shutdownCommand,
        hostnameCommand);
  }

  /** The unix socket, if there is to be one. */
  Optional<HttpConfig.LocalListener> localListener() {
    return socket.map(path -> new HttpConfig.LocalListener(path, socketGroup));
  }

  private static Optional<Path> socket(Path data, Optional<String> told) {
    return told.isEmpty()
        ? Optional.of(data.resolve("run/server.sock")).filter(HttpConfig.LocalListener::fits)
        : told.filter(path -> !path.equals("none"))
            .map(path -> Path.of(path).toAbsolutePath().normalize());
  }

  private static String value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new UsageError(option + " needs a value");
    }
    return rest.next();
  }

  private static Optional<InetSocketAddress> optionalAddress(String text) {
    return text.equals("none") ? Optional.empty() : Optional.of(address(text));
  }

  /** {@code 127.0.0.1:80}, {@code [::1]:80}, {@code name:80}. */
  private static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (colon <= 0 || port < 0 || port > 65535) {
        throw new NumberFormatException(text);
      }
      InetSocketAddress address =
          new InetSocketAddress(text.substring(0, colon).replaceAll("[\\[\\]]", ""), port);
      if (address.isUnresolved()) {
        throw new UsageError("no such address: " + text);
      }
      return address;
    } catch (NumberFormatException _) {
      throw new UsageError("not ADDR:PORT: " + text);
    }
  }

  private static Driver driver(String text) {
    return switch (text) {
      case "qemu" -> Driver.QEMU;
      case "sim" -> Driver.SIM;
      default -> throw new UsageError("no such driver: " + text);
    };
  }

  private static boolean yes(String option, String text) {
    return switch (text) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw new UsageError(option + " takes yes or no, not " + text);
    };
  }

  /** {@code all}, {@code none}, or names of interfaces separated by commas. */
  private static Uplinks uplinks(String text) {
    return switch (text) {
      case "all" -> Uplinks.ALL;
      case "none" -> Uplinks.NONE;
      default ->
          new Uplinks(false, Stream.of(text.split(",")).collect(Collectors.toUnmodifiableSet()));
    };
  }

  private static int count(String text) {
    try {
      int number = Integer.parseInt(text);
      if (number < 1 || number > 64) {
        throw new NumberFormatException(text);
      }
      return number;
    } catch (NumberFormatException _) {
      throw new UsageError("--hosts takes 1 to 64, not " + text);
    }
  }
}
