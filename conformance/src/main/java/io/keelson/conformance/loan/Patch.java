package io.keelson.conformance.loan;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;

/** A patch that changes nothing. */
final class Patch {
  private static final int BLOCK = 512;

  private Patch() {}

  /** The archive, signed by somebody whom the server is to believe. */
  static byte[] signed(Authority maker, String name) throws GeneralSecurityException {
    String manifest =
        """
        uuid: %s
        name-label: %s
        name-description: changes nothing
        version: 1.0
        after-apply-guidance: restartXAPI
        """
            .formatted(UUID.randomUUID(), name);
    byte[] content =
        tar(
            Map.entry("manifest", manifest.getBytes(UTF_8)),
            Map.entry("precheck", "#!/bin/sh\necho it fits\n".getBytes(UTF_8)),
            Map.entry("apply", "#!/bin/sh\necho nothing was changed\n".getBytes(UTF_8)));
    return tar(Map.entry("signature", maker.sign(content)), Map.entry("content.tar", content));
  }

  /** An archive of files that whoever unpacks it may run. */
  @SafeVarargs
  private static byte[] tar(Map.Entry<String, byte[]>... files) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Map.Entry<String, byte[]> file : files) {
      out.writeBytes(header(file.getKey(), file.getValue().length));
      out.writeBytes(file.getValue());
      out.writeBytes(new byte[(BLOCK - file.getValue().length % BLOCK) % BLOCK]);
    }
    out.writeBytes(new byte[2 * BLOCK]);
    return out.toByteArray();
  }

  private static byte[] header(String name, int size) {
    byte[] header = new byte[BLOCK];
    put(header, 0, name);
    put(header, 100, "0000755");
    put(header, 108, "0000000");
    put(header, 116, "0000000");
    put(header, 124, "%011o".formatted(size));
    put(header, 136, "00000000000");
    Arrays.fill(header, 148, 156, (byte) ' ');
    header[156] = '0';
    put(header, 257, "ustar");
    put(header, 263, "00");
    int sum = 0;
    for (byte each : header) {
      sum += each & 0xFF;
    }
    put(header, 148, "%06o".formatted(sum));
    header[154] = 0;
    return header;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }
}
