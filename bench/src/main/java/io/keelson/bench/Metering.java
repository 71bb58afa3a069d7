package io.keelson.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a simulating server takes of one core while nobody calls it: without VMs, and with 1,000
 * that each have a drive and a network card, measured every five seconds and recorded.
 */
final class Metering {
  private static final int VMS = 1_000;
  private static final int SETTLE_SECONDS = 60;
  private static final int SECONDS = 60;

  private static final String CARD =
      """
      {"VM":"$VM","network":"$NETWORK","device":"0","MAC":"","MTU":1500,"other_config":{},\
      "qos_algorithm_type":"","qos_algorithm_params":{}}\
      """;

  private final Footprint server;

  private Metering(Footprint server) {
    this.server = server;
  }

  /**
   * Measures for minutes.
   *
   * @param peer with 16 or more simulated hosts, and nothing on it
   */
  static Map<String, String> run(KeelsonPeer peer) throws IOException, InterruptedException {
    peer.start();
    Metering metering = new Metering(peer.footprint());
    String without = metering.share();
    try (KeelsonClient client = peer.connect()) {
      populate(client);
    }
    String with = metering.share();
    Map<String, String> column = new LinkedHashMap<>();
    column.put("one core, without VMs", without);
    column.put("one core, with %,d VMs".formatted(VMS), with);
    return column;
  }

  private static void populate(KeelsonClient client) {
    String session = client.session();
    String network =
        client
            .rpc()
            .text(
                "network.create",
                session
                    + ",{\"name_label\":\"metering\",\"name_description\":\"\",\"MTU\":1500,"
                    + "\"other_config\":{},\"tags\":[]}");
    for (int i = 0; i < VMS; i++) {
      String vm = client.define("metering-" + i);
      String _ = client.disk(vm, 1 << 20);
      client
          .rpc()
          .text("VIF.create", session + "," + CARD.replace("$VM", vm).replace("$NETWORK", network));
      client.run(vm);
    }
  }

  private String share() throws IOException, InterruptedException {
    Thread.sleep(SETTLE_SECONDS * 1_000L);
    double before = server.processorTime();
    long began = System.nanoTime();
    Thread.sleep(SECONDS * 1_000L);
    double share = (server.processorTime() - before) / ((System.nanoTime() - began) / 1e9);
    return "%.1f %%".formatted(100 * share);
  }
}
