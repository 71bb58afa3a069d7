package io.keelson.host.qemu;

import io.keelson.host.DiskSource;
import io.keelson.host.qemu.qmp.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the images that a domain has open rest on each other. Images below others get their names
 * from QEMU, and only its graph tells which node is whose: the same image may be open twice.
 */
final class BlockGraph {
  private static final int DEEPEST = 1000;

  private final Map<String, String> below = new HashMap<>();
  private final Map<String, String> bytes = new HashMap<>();
  private final Map<String, String> files = new HashMap<>();
  private final Map<String, String> drivers = new HashMap<>();

  private BlockGraph() {}

  /** One image in a chain. */
  record Layer(String node, String driver, String location) {
    boolean holds(DiskSource source) {
      return same(location, source.location());
    }

    /** Where its bytes are; empty when that cannot be said in one text. */
    Optional<DiskSource> source() {
      if (location.isEmpty() || location.startsWith("json:")) {
        return Optional.empty();
      }
      return switch (driver) {
        case "qcow2" -> Optional.of(new DiskSource(location, DiskSource.Format.QCOW2));
        case "raw" -> Optional.of(new DiskSource(location, DiskSource.Format.RAW));
        default -> Optional.empty();
      };
    }
  }

  static BlockGraph of(LiveDomain domain) {
    BlockGraph graph = new BlockGraph();
    Json.Members answer = domain.query("x-debug-query-block-graph");
    Map<Long, String> names = new HashMap<>();
    for (Json node : answer.items("nodes")) {
      if (node instanceof Json.Members m) {
        m.text("name").ifPresent(name -> names.put(m.number("id", -1), name));
      }
    }
    for (Json edge : answer.items("edges")) {
      if (edge instanceof Json.Members m) {
        graph.edge(
            m.text("name").orElse(""),
            names.getOrDefault(m.number("parent", -1), ""),
            names.getOrDefault(m.number("child", -1), ""));
      }
    }
    Json.Builder flat = Json.object().put("flat", true);
    if (domain.execute("query-named-block-nodes", flat) instanceof Json.Items(List<Json> nodes)) {
      nodes.forEach(graph::file);
    }
    return graph;
  }

  private void edge(String kind, String parent, String child) {
    switch (kind) {
      case "backing" -> below.put(parent, child);
      case "file" -> bytes.put(parent, child);
      default -> {} // of no chain
    }
  }

  private void file(Json node) {
    if (node instanceof Json.Members m) {
      String name = m.text("node-name").orElse("");
      files.put(name, m.text("file").orElse(""));
      drivers.put(name, m.text("drv").orElse(""));
    }
  }

  /** The images from the node down. */
  List<Layer> chain(String node) {
    List<Layer> layers = new ArrayList<>();
    Optional<String> at = Optional.of(node);
    while (at.isPresent() && layers.size() < DEEPEST) {
      String name = at.get();
      String location = files.getOrDefault(bytes.getOrDefault(name, name), "");
      layers.add(new Layer(name, drivers.getOrDefault(name, ""), location));
      at = Optional.ofNullable(below.get(name));
    }
    return layers;
  }

  /** Whether two texts name the same image: QEMU may write one of them with options. */
  static boolean same(String one, String other) {
    return one.equals(other) || name(one).equals(name(other));
  }

  private static String name(String location) {
    int end = location.indexOf('?');
    String path = end < 0 ? location : location.substring(0, end);
    return path.substring(path.lastIndexOf('/') + 1).replaceAll("[\"}]+$", "");
  }
}
