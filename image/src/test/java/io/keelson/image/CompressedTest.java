package io.keelson.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Compression is found by what is there. */
class CompressedTest {
  @Property(tries = 60)
  void whatIsCompressedIsReadBack(@ForAll Compressed kind, @ForAll byte[] some) throws IOException {
    byte[] bytes = (kind == Compressed.PLAIN) ? plain(some) : some;
    var out = new ByteArrayOutputStream();
    try (OutputStream compressing = kind.compress(out)) {
      compressing.write(bytes);
    }
    var in = Compressed.decompress(new ByteArrayInputStream(out.toByteArray()));
    assertThat(in.readAllBytes()).isEqualTo(bytes);
  }

  /** Bytes that do not look compressed. */
  private static byte[] plain(byte[] bytes) {
    byte[] longer = Arrays.copyOf(new byte[] {'o', 'v', 'a', '.'}, bytes.length + 4);
    System.arraycopy(bytes, 0, longer, 4, bytes.length);
    return longer;
  }

  @Test
  void aWindowThatCostsTooMuchMemoryIsRefused() {
    byte[] head = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0x00, (byte) 0xA0, 1, 0, 0, 0};
    assertThatThrownBy(() -> Compressed.decompress(new ByteArrayInputStream(head)).readAllBytes())
        .isInstanceOf(IOException.class);
  }
}
