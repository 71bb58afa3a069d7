package io.keelson.host.qemu;

import io.keelson.host.DiskSource;
import io.keelson.host.block.BlockNode;
import io.keelson.host.qemu.qmp.Json;
import java.util.List;

/** Disk images in the terms of QEMU's block layer, every node under a name of ours. */
final class Blockdev {
  private Blockdev() {}

  /** The image with what lies below it: nodes to be opened in this order, the image's own last. */
  static List<Json.Builder> nodes(String node, DiskSource source, boolean readOnly) {
    Json.Builder image = image(node, source, readOnly);
    return source
        .reads()
        .map(path -> {
          String reads = node + "-reads";
          return List.of(reads(reads, path), image.put("backing", reads));
        })
        .orElseGet(() -> List.of(image));
  }

  /** Reads from below an image, which are kept in another: it rests on the same. */
  private static Json.Builder reads(String node, String path) {
    Json.Builder bytes =
        Json.object()
            .put("driver", "file")
            .put("filename", path)
            .put("node-name", node + "-bytes-file")
            .put("read-only", false)
            .put("locking", "on");
    Json.Builder kept =
        Json.object()
            .put("driver", "qcow2")
            .put("node-name", node + "-kept-file")
            .put("read-only", false)
            .put("file", bytes.build());
    return Json.object()
        .put("driver", "copy-on-read")
        .put("node-name", node)
        .put("read-only", false)
        .put("file", kept.build());
  }

  private static Json.Builder image(String node, DiskSource source, boolean readOnly) {
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
