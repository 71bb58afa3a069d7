package io.keelson.image.vhd;

import io.keelson.image.ByteStream;
import io.keelson.image.ImageException;
import io.keelson.image.SparseTarget;
import io.keelson.image.Zeroes;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file that holds all of a disk and then its footer. */
final class FixedVhd {
  private static final int PART = 1 << 20;

  private FixedVhd() {}

  static VhdFooter copy(ByteStream in, SparseTarget target) throws IOException {
    byte[] part = new byte[PART];
    for (long at = 0; at < target.size(); ) {
      int length = (int) Math.min(PART, target.size() - at);
      in.read(part, 0, length);
      if (Zeroes.are(part, 0, length)) {
        target.zero(at, length);
      } else {
        target.write(at, ByteBuffer.wrap(part, 0, length));
      }
      at += length;
    }
    VhdFooter footer = VhdFooter.read(in.read(VhdFooter.BYTES));
    if (footer.kind() != VhdKind.FIXED || footer.size() != target.size()) {
      throw ImageException.malformed("a fixed VHD of another size");
    }
    if (in.readSome(part, 0, 1) > 0) {
      throw ImageException.malformed("something follows the footer of the VHD");
    }
    return footer;
  }
}
