package io.keelson.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * What a simulating server takes of one core while nobody calls it: without VMs, and with 1,000
 * that each have a drive and a network card, measured every five seconds and recorded.
 */
final class Metering {
  private static final int VMS = 1_000;
  private static final int SETTLE_SECONDS = 60;
  private static final int SECONDS = 60;

  /** The kernel's unit of processor time for programs, the same on every Linux. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int USER_TICKS_FIELD = 11;
  private static final int SYSTEM_TICKS_FIELD = 12;

  private static final String DISK =
      """
      {"name_label":"metering","name_description":"","SR":"$SR","virtual_size":1048576,\
      "type":"user","sharable":false,"read_only":false,"other_config":{},"xenstore_data":{},\
      "sm_config":{},"tags":[]}\
      """;
  private static final String DRIVE =
      """
      {"VM":"$VM","VDI":"$VDI","userdevice":"0","bootable":true,"mode":"RW","type":"Disk",\
      "unpluggable":true,"empty":false,"other_config":{},"qos_algorithm_type":"",\
      "qos_algorithm_params":{}}\
      """;
  private static final String CARD =
      """
      {"VM":"$VM","network":"$NETWORK","device":"0","MAC":"","MTU":1500,"other_config":{},\
      "qos_algorithm_type":"","qos_algorithm_params":{}}\
      """;

  private final long pid;
  private final Supplier<KeelsonClient> connect;

  private Metering(long pid, Supplier<KeelsonClient> connect) {
    this.pid = pid;
    this.connect = connect;
  }

  /**
   * @param data folder of a server with 16 or more simulated hosts, which runs
   */
  static Metering of(Path data) throws IOException {
    long pid = Long.parseLong(Files.readString(data.resolve("run/server.pid")).strip());
    return new Metering(pid, Rehearsal.clients(data));
  }

  String run() throws IOException, InterruptedException {
    double without = share();
    try (KeelsonClient client = connect.get()) {
      populate(client);
    }
    Thread.sleep(SETTLE_SECONDS * 1_000L);
    double with = share();
    return "without VMs %.1f %% of one core, with %,d VMs %.1f %%"
        .formatted(100 * without, VMS, 100 * with);
  }

  private void populate(KeelsonClient client) {
    String session = client.session();
    String pools = new String(client.rpc().call("pool.get_all", session), UTF_8);
    String pool = pools.replaceAll("(?s).*\"(OpaqueRef:[^\"]+)\".*", "$1");
    String sr = client.rpc().text("pool.get_default_SR", session + ",\"" + pool + "\"");
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
      String vdi = client.rpc().text("VDI.create", session + "," + DISK.replace("$SR", sr));
      client
          .rpc()
          .text("VBD.create", session + "," + DRIVE.replace("$VM", vm).replace("$VDI", vdi));
      client
          .rpc()
          .text("VIF.create", session + "," + CARD.replace("$VM", vm).replace("$NETWORK", network));
      client.run(vm);
    }
  }

  private double share() throws IOException, InterruptedException {
    double before = seconds();
    long began = System.nanoTime();
    Thread.sleep(SECONDS * 1_000L);
    return (seconds() - before) / ((System.nanoTime() - began) / 1e9);
  }

  private double seconds() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), ISO_8859_1);
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[USER_TICKS_FIELD]) + Long.parseLong(fields[SYSTEM_TICKS_FIELD]))
        / TICKS_PER_SECOND;
  }
}
