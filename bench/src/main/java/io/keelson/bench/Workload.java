package io.keelson.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The steps, in order, and what came out of each. */
final class Workload {
  private static final int LIVES = 30;

  private final int vms;
  private final double seconds;
  private final Map<String, String> figures = new LinkedHashMap<>();
  private List<String> defined = List.of();

  /**
   * @param vms how many to define
   * @param seconds of each storm
   */
  Workload(int vms, double seconds) {
    this.vms = vms;
    this.seconds = seconds;
  }

  /** Step to figure. */
  Map<String, String> run(Peer peer) {
    peer.start();
    define(peer);
    String middle = defined.get(defined.size() / 2);
    storm(peer, "all records", 1, (c, _, _) -> c.listAll());
    storm(peer, "all records", 8, (c, _, _) -> c.listAll());
    storm(peer, "one record", 1, (c, _, _) -> c.read(middle));
    storm(peer, "one record", 8, (c, _, _) -> c.read(middle));
    storm(peer, "durable field write", 1, (c, i, n) -> c.describe(defined.get(i), "v" + n));
    storm(peer, "durable field write", 8, (c, i, n) -> c.describe(defined.get(i), "v" + n));
    storm(peer, "new connection, log-in and log-out", 1, (_, _, _) -> peer.connect().close());
    storm(peer, "new connection, log-in and log-out", 8, (_, _, _) -> peer.connect().close());
    lives(peer);
    powerCut(peer);
    return figures;
  }

  private void define(Peer peer) {
    try (Peer.Client client = peer.connect()) {
      long begin = System.nanoTime();
      defined =
          IntStream.range(0, vms).mapToObj(i -> client.define("bench-%05d".formatted(i))).toList();
      put(
          "define %,d machines".formatted(vms),
          "%.2f s".formatted((System.nanoTime() - begin) / 1e9));
    }
  }

  private void storm(Peer peer, String what, int clients, Storm.Step step) {
    put(
        "%s, %d client%s".formatted(what, clients, clients == 1 ? "" : "s"),
        Storm.run(peer::connect, clients, seconds, step).toString());
  }

  private void lives(Peer peer) {
    List<Long> starts = new ArrayList<>();
    List<Long> stops = new ArrayList<>();
    try (Peer.Client client = peer.connect()) {
      for (int i = -3; i < LIVES; i++) {
        String vm = client.define("bench-life-" + i);
        long begin = System.nanoTime();
        client.run(vm);
        long running = System.nanoTime();
        client.stop(vm);
        long gone = System.nanoTime();
        client.undefine(vm);
        if (i >= 0) {
          starts.add(running - begin);
          stops.add(gone - running);
        }
      }
    }
    put("start a machine without disks", millis(starts));
    put("hard stop of it", millis(stops));
  }

  /**
   * Ends the peer hard while four clients write, and looks for what was acknowledged and is gone.
   */
  private void powerCut(Peer peer) {
    List<Writer> writers =
        IntStream.range(0, 4).mapToObj(i -> new Writer(peer, defined.get(i))).toList();
    writers.forEach(Writer::begin);
    Writer.letRun(1_500);
    peer.kill();
    List<Integer> acknowledged = writers.stream().map(Writer::acknowledged).toList();
    long begin = System.nanoTime();
    peer.start();
    put("restart to ready after a kill", "%.0f ms".formatted((System.nanoTime() - begin) / 1e6));
    int lost = 0;
    try (Peer.Client client = peer.connect()) {
      for (int i = 0; i < writers.size(); i++) {
        int found = Integer.parseInt(client.description(defined.get(i)).substring(1));
        lost += Math.max(0, acknowledged.get(i) - found);
      }
    }
    put("acknowledged writes lost by it", Integer.toString(lost));
  }

  private void put(String step, String figure) {
    System.err.printf("  %-45s %s%n", step, figure);
    figures.put(step, figure);
  }

  private static String millis(List<Long> nanos) {
    return "%.1f ms (p99 %.1f ms)"
        .formatted(Storm.Rate.percentile(nanos, 50), Storm.Rate.percentile(nanos, 99));
  }
}
