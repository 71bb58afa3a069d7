package io.keelson.conformance.loan;

import io.keelson.conformance.Options;
import io.keelson.conformance.rpc.Format;
import io.keelson.conformance.rpc.LoginException;
import io.keelson.conformance.rpc.Server;
import io.keelson.conformance.rpc.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** All that a run lends, from when it is first asked for until the run ends. */
public final class Loans implements AutoCloseable {
  private final Options options;
  private final Session root;
  private final String password;
  private final InetAddress address;
  private Optional<Path> folder = Optional.empty();
  private Optional<Authority> authority = Optional.empty();
  private Optional<LentServers> servers = Optional.empty();
  private Optional<ServerFolder> serverFolder = Optional.empty();
  private Optional<Session> second = Optional.empty();

  /**
   * @param root of the server that is measured
   * @param password of the user at both servers
   */
  public Loans(Options options, Session root, String password) throws IOException {
    this.root = root;
    this.options = options;
    this.password = password;
    this.address = InetAddress.getByName(options.directory().orElse("127.0.0.1"));
  }

  /** Whether the server is there for nothing but to be measured. */
  public boolean expendable() {
    return options.expendable();
  }

  /** A new address under which files can be sent and fetched. */
  public String url() {
    return "http://" + place(servers().port()) + "/" + UUID.randomUUID();
  }

  /** An address of a file that never ends. */
  public String endlessUrl() {
    return "http://" + place(servers().port()) + LentServers.ENDLESS;
  }

  /** The address of the servers. */
  public String host() {
    return address.getHostAddress();
  }

  /** The port of the server over TLS, which is the workload balancing server too. */
  public int tlsPort() {
    return servers().tlsPort();
  }

  private String place(int port) {
    return host() + ":" + port;
  }

  /** The certificate of the server over TLS, as PEM. */
  public String certificate() {
    return secured(() -> authority().certificate());
  }

  /** A list of the certificates that its authority has taken back, as PEM. */
  public String revocations() {
    return secured(() -> authority().revocations());
  }

  /** The name of a plugin of hosts and of VMs; none where the server's folder is not known. */
  public Optional<String> plugin() {
    return inServerFolder() ? Optional.of(ServerFolder.NAME) : Optional.empty();
  }

  /** A patch that the server believes; none where the server's folder is not known. */
  public Optional<Path> patch(String name) {
    if (!inServerFolder()) {
      return Optional.empty();
    }
    Path file = file();
    try {
      Files.write(file, secured(() -> Patch.signed(authority(), name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Optional.of(file);
  }

  /** A folder where the server can write; its own is only known where the server's folder is. */
  public String archivePlace() {
    return inServerFolder() ? serverFolder.orElseThrow().archives().toString() : "/tmp";
  }

  private boolean inServerFolder() {
    if (options.data().isPresent() && serverFolder.isEmpty()) {
      serverFolder =
          Optional.of(secured(() -> new ServerFolder(options.data().orElseThrow(), authority())));
    }
    return serverFolder.isPresent();
  }

  /** A session of the second server, if there is one. */
  public Optional<Session> second(Format format) {
    if (second.isEmpty() && options.second().isPresent()) {
      Server server =
          new Server(options.second().orElseThrow(), options.anyCertificate(), options.patience());
      try {
        second = Optional.of(Session.login(server, format, options.user(), password));
      } catch (LoginException e) {
        throw new UncheckedIOException(new IOException(e));
      }
    }
    return second.map(session -> session.in(format));
  }

  /** Has a file fetched from an address that {@link #url} has given. */
  public void lend(String url, Path file) {
    servers().lend(URI.create(url).getPath(), file);
  }

  /** What was last sent to such an address. */
  public Optional<Path> sent(String url) {
    return servers().sent(URI.create(url).getPath());
  }

  /** A new file, which is gone when the run ends. */
  public Path file() {
    try {
      return Files.createTempFile(folder(), "file", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path folder() throws IOException {
    if (folder.isEmpty()) {
      folder = Optional.of(Files.createTempDirectory("keelson-conformance"));
    }
    return folder.orElseThrow();
  }

  private Authority authority() throws GeneralSecurityException {
    if (authority.isEmpty()) {
      authority = Optional.of(new Authority(address));
    }
    return authority.orElseThrow();
  }

  private LentServers servers() {
    if (servers.isEmpty()) {
      servers =
          Optional.of(
              secured(() ->
                  new LentServers(address, authority(), folder(), new Balancer(this::hosts))));
    }
    return servers.orElseThrow();
  }

  private List<String> hosts() {
    return root.value("host.get_all_records").stream()
        .flatMap(JsonNode::valueStream)
        .map(host -> host.path("uuid").asString(""))
        .toList();
  }

  @FunctionalInterface
  private interface Making<T> {
    T make() throws IOException, GeneralSecurityException;
  }

  private static <T> T secured(Making<T> making) {
    try {
      return making.make();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    second.ifPresent(Session::close);
    servers.ifPresent(LentServers::close);
    if (serverFolder.isPresent()) {
      serverFolder.orElseThrow().close();
    }
    if (folder.isPresent()) {
      try (Stream<Path> files = Files.walk(folder.orElseThrow())) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
