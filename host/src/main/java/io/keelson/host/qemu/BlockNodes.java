package io.keelson.host.qemu;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.block.BlockSecret;
import io.keelson.host.qemu.qmp.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The disk images that a domain's process has open, each node named after its device. */
final class BlockNodes {
  private static final Logger LOG = LoggerFactory.getLogger(BlockNodes.class);
  private static final int SUFFIX = 8;

  private final LiveDomain domain;

  BlockNodes(LiveDomain domain) {
    this.domain = domain;
  }

  /** Opens an image for a device; the answer is its node. */
  String open(String device, DiskSource source, boolean readOnly) {
    BlockSecret.of(source.location()).ifPresent(this::tell);
    String name = name(device);
    try {
      for (Json.Builder node : Blockdev.nodes(name, source, readOnly)) {
        domain.execute("blockdev-add", node);
      }
    } catch (DriverException e) {
      // What it would have rested on is open already.
      close(of(device).stream().filter(node -> node.startsWith(name)).toList());
      throw e;
    }
    return name;
  }

  private static String name(String device) {
    return device + "-" + UUID.randomUUID().toString().substring(0, SUFFIX);
  }

  /** A password told before may have changed since. */
  private void tell(BlockSecret secret) {
    try {
      domain.execute("object-del", Json.object().put("id", secret.id()));
    } catch (DriverException e) {
      LOG.debug("a first password: {}", e.getMessage());
    }
    domain.execute("object-add", Json.object(secret.json()));
  }

  String add(String device, Function<String, Json.Builder> node) {
    String name = name(device);
    domain.execute("blockdev-add", node.apply(name));
    return name;
  }

  /** The nodes opened for a device, upper ones first. */
  List<String> of(String device) {
    List<String> names = new ArrayList<>();
    if (domain.execute("query-named-block-nodes", Json.object().put("flat", true))
        instanceof Json.Items(List<Json> nodes)) {
      for (Json node : nodes) {
        if (node instanceof Json.Members members) {
          members
              .text("node-name")
              .filter(name -> name.startsWith(device + "-") && !name.endsWith("-file"))
              .ifPresent(names::add);
        }
      }
    }
    return names;
  }

  /** Closes every image of a device that nothing uses any more. */
  void close(String device) {
    close(of(device));
  }

  /** Closes the nodes; one below another can only be closed after it, so several rounds. */
  void close(List<String> nodes) {
    List<String> left = new ArrayList<>(nodes);
    for (int round = 0; round < nodes.size() && !left.isEmpty(); round++) {
      boolean last = round == nodes.size() - 1;
      left.removeIf(node -> closed(node, last));
    }
  }

  private boolean closed(String node, boolean last) {
    try {
      domain.execute("blockdev-del", Json.object().put("node-name", node));
      return true;
    } catch (DriverException e) {
      if (last) {
        throw e;
      }
      return false;
    }
  }

  /** The node that the device reads and writes now. */
  String inUse(String device) {
    if (domain.execute("query-block") instanceof Json.Items(List<Json> drives)) {
      for (Json drive : drives) {
        if (drive instanceof Json.Members members && isOf(members, device)) {
          return members
              .members("inserted")
              .text("node-name")
              .orElseThrow(() -> new DriverException(Reason.WRONG_STATE, device + " is empty"));
        }
      }
    }
    throw new DriverException(Reason.NOT_FOUND, "the domain has no " + device);
  }

  /** Whether an answer about a drive is about that device. */
  static boolean isOf(Json.Members drive, String device) {
    String path = drive.text("qdev").orElse("");
    return path.equals(device) || path.endsWith("/" + device) || path.contains("/" + device + "/");
  }
}
