package io.keelson.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The workload in small, done to a server that runs, so that its JVM learns which code matters and
 * the next start has that compiled early.
 */
final class Rehearsal {
  private static final int VMS = 300;
  private static final int LIVES = 8;
  private static final double SECONDS = 1;

  private final Supplier<Peer.Client> connect;

  private Rehearsal(Supplier<Peer.Client> connect) {
    this.connect = connect;
  }

  /**
   * @param data the server's folder, which says where it listens and what root's password is
   */
  static Rehearsal of(Path data) throws IOException {
    Supplier<KeelsonClient> clients = clients(data);
    return new Rehearsal(clients::get);
  }

  /** Sessions with the server of that folder. */
  static Supplier<KeelsonClient> clients(Path data) throws IOException {
    String password = Files.readString(data.resolve("root-password")).strip();
    int port =
        Files.readAllLines(data.resolve("run/server.endpoints")).stream()
            .filter(line -> line.startsWith("api="))
            .map(line -> URI.create(line.substring("api=".length())).getPort())
            .findFirst()
            .orElseThrow(() -> new IOException("the server does not say where it listens"));
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    return () -> KeelsonClient.logIn(address, password);
  }

  /** Defines machines, so that the next start has some to load. */
  List<String> fill() {
    try (Peer.Client client = connect.get()) {
      return IntStream.range(0, VMS).mapToObj(i -> client.define("rehearsal-" + i)).toList();
    }
  }

  void run() {
    List<String> vms = fill();
    for (int clients : new int[] {1, 4}) {
      storm(clients, (c, _, _) -> c.listAll());
      storm(clients, (c, i, n) -> c.read(vms.get((i + n) % VMS)));
      storm(clients, (c, i, n) -> c.describe(vms.get(i), "v" + n));
      storm(clients, (_, _, _) -> connect.get().close());
    }
    storm(1, (c, _, n) -> c.undefine(c.define("rehearsal-again-" + n)));
    lives();
  }

  private void storm(int clients, Storm.Step step) {
    Storm.run(connect, clients, SECONDS, step);
  }

  private void lives() {
    try (Peer.Client client = connect.get()) {
      for (int i = 0; i < LIVES; i++) {
        String vm = client.define("rehearsal-life-" + i);
        client.run(vm);
        client.stop(vm);
        client.undefine(vm);
      }
    }
  }
}
