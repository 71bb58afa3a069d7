package io.keelson.host.qemu;

import io.keelson.host.DiskSource;
import io.keelson.host.block.BlockNode;

/** Disk images in the terms of QEMU's block layer, every node under a name of ours. */
final class Blockdev {
  private Blockdev() {}

  /** The image with what lies below it. */
  static Json.Builder image(String node, DiskSource source, boolean readOnly) {
    Json.Builder bytes =
        Json.object(BlockNode.bytes(source.location()))
            .put("node-name", node + "-file")
            .put("read-only", readOnly)
            .put("auto-read-only", false)
            .put("discard", "unmap");
    Json.Builder image =
        Json.object()
            .put(
                "driver",
                switch (source.format()) {
                  case QCOW2 -> "qcow2";
                  case RAW -> "raw";
                })
            .put("node-name", node)
            .put("read-only", readOnly)
            .put("auto-read-only", false)
            .put("discard", "unmap")
            .put("file", bytes.build());
    return readOnly ? image : image.put("detect-zeroes", "unmap");
  }

  /** An overlay whose lower layer QEMU has open already. */
  static Json.Builder overlay(String node, DiskSource source) {
    return image(node, source, false).put("backing", new Json.Nothing());
  }
}
