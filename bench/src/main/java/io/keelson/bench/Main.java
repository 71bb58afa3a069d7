package io.keelson.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code bench [--vms N] [--seconds S] [--against libvirt]} measures a control plane's work, {@code
 * disks} work on whole disks, {@code metrics} what measuring 1,000 VMs costs, {@code xe} how long a
 * command of xe takes; each prints a table. {@code fill DATA} and {@code rehearse DATA} exercise
 * the server of a data folder.
 */
public final class Main {
  private Main() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    switch (args.length == 0 ? "" : args[0]) {
      case "fill" -> Rehearsal.of(data(args)).fill();
      case "rehearse" -> Rehearsal.of(data(args)).run();
      case "disks" -> disks();
      case "metrics" -> metrics();
      case "xe" -> xe();
      default -> compare(Options.parse(List.of(args)));
    }
  }

  private static Path data(String[] args) {
    if (args.length != 2) {
      throw usage(args[0] + " DATA");
    }
    return Path.of(args[1]);
  }

  private static void disks() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("keelson-bench");
    try (KeelsonPeer keelson = new KeelsonPeer(launcher(), folder.resolve("keelson"))) {
      System.out.println(Table.of(Disks.run(keelson, folder)));
    }
  }

  private static void metrics() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("keelson-bench");
    try (KeelsonPeer keelson =
        new KeelsonPeer(launcher(), folder, "--driver", "sim", "--hosts", "16")) {
      System.out.println(Table.of(Map.of("Keelson", Metering.run(keelson))));
    }
  }

  private static void xe() throws IOException, InterruptedException {
    Path data = Files.createTempDirectory("keelson-bench");
    try (KeelsonPeer keelson = new KeelsonPeer(launcher(), data, "--driver", "sim")) {
      XeStarts.run(keelson, launcher(), data);
    }
  }

  private static void compare(Options options) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("keelson-bench");
    Map<String, Map<String, String>> columns = new LinkedHashMap<>();
    boolean accelerated;
    try (KeelsonPeer keelson = new KeelsonPeer(launcher(), folder.resolve("keelson"))) {
      columns.put("Keelson", measure(keelson, options));
      accelerated = keelson.accelerated();
    }
    if (options.libvirt) {
      try (Peer peer = new LibvirtPeer(folder.resolve("libvirt"), accelerated)) {
        columns.put("libvirt", measure(peer, options));
      }
    }
    columns.put("bare QEMU", BareQemu.run(accelerated));
    System.out.println(Table.of(columns));
  }

  private static Map<String, String> measure(Peer peer, Options options) {
    System.err.println(peer.name());
    return new Workload(options.vms, options.seconds).run(peer);
  }

  private static Path launcher() {
    String launcher = System.getenv("KEELSON_LAUNCHER");
    if (launcher == null) {
      throw usage("through ./keelson bench");
    }
    return Path.of(launcher);
  }

  private static IllegalArgumentException usage(String text) {
    return new IllegalArgumentException("usage: bench " + text);
  }

  private record Options(int vms, double seconds, boolean libvirt) {
    static Options parse(List<String> words) {
      Options options = new Options(1_000, 5, false);
      Iterator<String> rest = words.iterator();
      while (rest.hasNext()) {
        String option = rest.next();
        if (!rest.hasNext()) {
          throw usage(option + " VALUE");
        }
        String value = rest.next();
        options =
            switch (option + " " + value) {
              case "--against libvirt" -> new Options(options.vms, options.seconds, true);
              default ->
                  switch (option) {
                    case "--vms" ->
                        new Options(Integer.parseInt(value), options.seconds, options.libvirt);
                    case "--seconds" ->
                        new Options(options.vms, Double.parseDouble(value), options.libvirt);
                    default -> throw usage("[--vms N] [--seconds S] [--against libvirt]");
                  };
            };
      }
      return options;
    }
  }

  /** A table in Markdown. */
  private record Table() {
    static String of(Map<String, Map<String, String>> columns) {
      StringBuilder table = new StringBuilder("| step | ");
      table.append(String.join(" | ", columns.keySet())).append(" |\n|---");
      table.append("|---".repeat(columns.size())).append("|\n");
      List<String> steps = new ArrayList<>(columns.values().iterator().next().keySet());
      for (String step : steps) {
        table.append("| ").append(step);
        columns.values().forEach(c -> table.append(" | ").append(c.getOrDefault(step, "")));
        table.append(" |\n");
      }
      return table.toString();
    }
  }
}
