package io.keelson.http.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What clients send, and what they get for it. */
class WebSocketStreamTest {
  private static final int LAST = 0x80;
  private static final int MASKED = 0x80;

  /** What a server read, and what it sent meanwhile, in hexadecimal digits. */
  private record Seen(String read, String sent) {}

  /** Any cut into frames, with pings between them, any masks, any sizes of reads. */
  @Property(tries = 300)
  void bytesArriveHoweverTheyAreFramed(
      @ForAll @Size(max = 20) List<@IntRange(max = 70_000) Integer> sizes,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9_000) int step)
      throws IOException {
    Random random = new Random(seed);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    boolean inMessage = false;
    int pings = 0;
    for (int size : sizes) {
      byte[] part = new byte[size];
      random.nextBytes(part);
      all.write(part);
      boolean last = random.nextBoolean();
      wire.write(client((last ? LAST : 0) | (inMessage ? 0 : 2), part, random.nextInt()));
      inMessage = !last;
      if (random.nextInt(3) == 0) {
        wire.write(client(LAST | 9, new byte[] {(byte) size}, random.nextInt()));
        pings++;
      }
    }
    Seen seen = serve(wire.toByteArray(), step);
    assertThat(seen.read()).isEqualTo(HexFormat.of().formatHex(all.toByteArray()));
    assertThat(seen.sent()).hasSize(2 * 3 * pings);
  }

  @Property(tries = 100)
  void framesOfTheServerSayTheirLength(@ForAll @IntRange(max = 70_000) int size)
      throws IOException {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) 5);
    ByteBuffer frame = ByteBuffer.wrap(FrameHead.frame(Opcode.BINARY, bytes, 0, size));
    assertThat(frame.get()).isEqualTo((byte) (LAST | 2));
    int told = frame.get() & 0xFF;
    long length =
        switch (told) {
          case 126 -> frame.getShort() & 0xFFFF;
          case 127 -> frame.getLong();
          default -> told;
        };
    assertThat(length).isEqualTo(size);
    assertThat(frame.remaining()).isEqualTo(size);
  }

  /** Whatever comes, it ends, and nothing but an end is raised. */
  @Property(tries = 500)
  void noiseEnds(@ForAll byte[] noise) throws IOException {
    assertThat(serve(noise, 100).read()).hasSizeLessThanOrEqualTo(2 * noise.length);
  }

  @Test
  void textAsInTheRfcIsRefused() throws IOException {
    Seen seen = serve(client(LAST | 1, "Hello".getBytes(UTF_8), 0x37fa213d), 10);
    assertThat(seen.read()).isEmpty();
    assertThat(seen.sent()).isEqualTo("880203eb");
  }

  @Test
  void pingIsAnsweredWithItsOwnBytes() throws IOException {
    Seen seen = serve(client(LAST | 9, "Hello".getBytes(UTF_8), 0x37fa213d), 10);
    assertThat(seen.sent()).isEqualTo("8a0548656c6c6f");
  }

  @Test
  void closeIsAnsweredWithItsReason() throws IOException {
    assertThat(serve(client(LAST | 8, new byte[0], 1), 10).sent()).isEqualTo("8800");
    byte[] away = {0x03, (byte) 0xE9, 'b', 'y', 'e'};
    assertThat(serve(client(LAST | 8, away, 1), 10).sent()).isEqualTo("880203e9");
  }

  @Test
  void nothingIsReadAfterAClose() throws IOException {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    wire.write(client(LAST | 8, new byte[0], 1));
    wire.write(client(LAST | 2, new byte[] {1}, 1));
    assertThat(serve(wire.toByteArray(), 10).read()).isEmpty();
  }

  @Test
  void violationsEndTheConversation() throws IOException {
    byte[] one = {1};
    String protocolError = "880203ea";
    assertThat(sent(new byte[] {(byte) (LAST | 2), 1, 7})).as("no mask").isEqualTo(protocolError);
    assertThat(sent(client(LAST | 0x40 | 2, one, 1))).as("reserved").isEqualTo(protocolError);
    assertThat(sent(client(LAST | 3, one, 1))).as("opcode").isEqualTo(protocolError);
    assertThat(sent(client(LAST, one, 1))).as("continues nothing").isEqualTo(protocolError);
    assertThat(sent(client(9, one, 1))).as("a ping in parts").isEqualTo(protocolError);
    assertThat(sent(client(LAST | 9, new byte[126], 1))).as("long").isEqualTo(protocolError);
    assertThat(sent(client(LAST | 8, one, 1))).as("half a reason").isEqualTo(protocolError);
    assertThat(sent(client(LAST | 8, new byte[] {3, (byte) 0xED}, 1)))
        .as("1005 is never sent")
        .isEqualTo(protocolError);
    assertThat(sent(client(LAST | 8, new byte[] {3, (byte) 0xE8, (byte) 0xFF}, 1)))
        .as("no UTF-8")
        .isEqualTo("880203ef");
    assertThat(sent(new byte[] {(byte) (LAST | 2), (byte) (MASKED | 126), 0, 5, 0, 0, 0, 0}))
        .as("not the shortest form")
        .isEqualTo(protocolError);
    ByteBuffer huge = ByteBuffer.allocate(14).put((byte) (LAST | 2)).put((byte) (MASKED | 127));
    assertThat(sent(huge.putLong(FrameHead.LONGEST + 1).array())).as("huge").isEqualTo("880203f1");
  }

  @Test
  void secondMessageWithinTheFirstIsRefused() throws IOException {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    wire.write(client(2, new byte[] {1}, 1));
    wire.write(client(LAST | 2, new byte[] {2}, 1));
    Seen seen = serve(wire.toByteArray(), 10);
    assertThat(seen.read()).isEqualTo("01");
    assertThat(seen.sent()).isEqualTo("880203ea");
  }

  private static String sent(byte[] wire) throws IOException {
    return serve(wire, 10).sent();
  }

  private static Seen serve(byte[] wire, int step) throws IOException {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    byte[] part = new byte[step];
    try (InputStream in =
        new WebSocketInput(new ByteArrayInputStream(wire), new WebSocketOutput(sent))) {
      for (int size = in.read(part); size >= 0; size = in.read(part)) {
        read.write(part, 0, size);
      }
    }
    return new Seen(
        HexFormat.of().formatHex(read.toByteArray()), HexFormat.of().formatHex(sent.toByteArray()));
  }

  /** A frame as a client sends it, in the shortest form of its length. */
  private static byte[] client(int first, byte[] payload, int mask) {
    ByteBuffer frame = ByteBuffer.allocate(14 + payload.length);
    frame.put((byte) first);
    if (payload.length <= 125) {
      frame.put((byte) (MASKED | payload.length));
    } else if (payload.length <= 0xFFFF) {
      frame.put((byte) (MASKED | 126)).putShort((short) payload.length);
    } else {
      frame.put((byte) (MASKED | 127)).putLong(payload.length);
    }
    frame.putInt(mask);
    byte[] key = ByteBuffer.allocate(4).putInt(mask).array();
    for (int i = 0; i < payload.length; i++) {
      frame.put((byte) (payload[i] ^ key[i % 4]));
    }
    return Arrays.copyOf(frame.array(), frame.position());
  }
}
