package io.keelson.store.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.store.StoreException;
import io.keelson.store.codec.EntryCodec;
import io.keelson.store.codec.StoredModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalCheckTest {
  private static final int ENTRIES = 6;
  private static final int PADDING = 40;

  @TempDir private Path folder;

  /** End offsets of the entries of a segment, and its bytes. */
  private static final class Made {
    final byte[] bytes;
    final int[] ends;

    Made(byte[] bytes, int[] ends) {
      this.bytes = bytes;
      this.ends = ends;
    }
  }

  private static Made segment() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write("RaftLog1".getBytes(StandardCharsets.UTF_8));
    int[] ends = new int[ENTRIES];
    for (int i = 0; i < ENTRIES; i++) {
      byte[] data = new EntryCodec(StoredModel.CURRENT).encode(List.of(), Math.max(0, i - 2));
      LogEntryProto entry =
          LogEntryProto.newBuilder()
              .setTerm(1)
              .setIndex(i)
              .setStateMachineLogEntry(
                  StateMachineLogEntryProto.newBuilder().setLogData(ByteString.copyFrom(data)))
              .build();
      ByteArrayOutputStream one = new ByteArrayOutputStream();
      CodedOutputStream coded = CodedOutputStream.newInstance(one);
      coded.writeUInt32NoTag(entry.getSerializedSize());
      entry.writeTo(coded);
      coded.flush();
      CRC32C crc = new CRC32C();
      crc.update(one.toByteArray());
      out.write(one.toByteArray());
      out.write(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
      ends[i] = out.size();
    }
    out.write(new byte[PADDING]);
    return new Made(out.toByteArray(), ends);
  }

  private Path write(byte[] bytes) throws IOException {
    Path file = folder.resolve("log_inprogress_0");
    Files.write(file, bytes);
    return file;
  }

  /** How many entries end at or before an offset. */
  private static int whole(Made made, int offset) {
    return (int) Arrays.stream(made.ends).filter(end -> end <= offset).count();
  }

  @Test
  void cutsAnUnfinishedEntryOffAtEveryByte() throws IOException {
    Made made = segment();
    for (boolean padded : new boolean[] {true, false}) {
      for (int end = 0; end < made.bytes.length; end++) {
        byte[] torn = Arrays.copyOf(made.bytes, end);
        Path file = write(padded ? Arrays.copyOf(torn, made.bytes.length) : torn);
        // a checksum's last zeros are there even when they were not written
        int entries = padded ? entriesIn(Files.readAllBytes(file)) : whole(made, end);
        JournalCheck.run(folder, -1, entries - 1L);
        if (entries == 0 && end < SegmentReader.HEADER_LENGTH) {
          assertThat(file).doesNotExist();
        } else {
          assertThat(Files.size(file))
              .isEqualTo(entries == 0 ? SegmentReader.HEADER_LENGTH : made.ends[entries - 1]);
        }
      }
    }
  }

  private int entriesIn(byte[] bytes) throws IOException {
    Path other = folder.resolve("other");
    Files.write(other, bytes);
    SegmentReader reader = new SegmentReader(other);
    int count = 0;
    while (reader.headerIsWhole() && reader.next().isPresent()) {
      count++;
    }
    Files.delete(other);
    return count;
  }

  @Test
  void refusesAnAcknowledgedEntryThatIsNotWhole() throws IOException {
    Made made = segment();
    for (int bit = 0; bit < made.ends[ENTRIES - 1] * 8; bit++) {
      byte[] bad = made.bytes.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      write(bad);
      assertThatThrownBy(() -> JournalCheck.run(folder, -1, ENTRIES - 1L))
          .as("bit %d", bit)
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("log_inprogress_0 is damaged at offset");
    }
  }

  /** The mark may be old after a power cut; later entries then vouch for earlier ones. */
  @Test
  void laterEntriesVouchForEarlierOnes() throws IOException {
    Made made = segment();
    for (int bit = made.ends[0] * 8; bit < made.ends[ENTRIES - 3] * 8; bit++) {
      byte[] bad = made.bytes.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      write(bad);
      assertThatThrownBy(() -> JournalCheck.run(folder, -1, 0))
          .as("bit %d", bit)
          .isInstanceOf(StoreException.class);
    }
  }

  @Test
  void dropsEntriesWrittenOutOfOrder() throws IOException {
    Made made = segment();
    byte[] reordered = made.bytes.clone();
    Arrays.fill(reordered, made.ends[3], made.ends[4], (byte) 0);
    Path file = write(reordered);
    JournalCheck.run(folder, -1, 3);
    assertThat(Files.size(file)).isEqualTo(made.ends[3]);
  }

  @Test
  void refusesAJournalThatEndsTooEarly() throws IOException {
    write(segment().bytes);
    assertThatThrownBy(() -> JournalCheck.run(folder, -1, ENTRIES))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("entry 6 was acknowledged");
  }

  @Test
  void cutsAfterAnEntryInAnyFile() throws IOException {
    Made made = segment();
    byte[] exact = Arrays.copyOf(made.bytes, made.ends[ENTRIES - 1]);
    Files.write(folder.resolve("log_0-5"), exact);
    Files.write(folder.resolve("log_inprogress_6"), "RaftLog1".getBytes(StandardCharsets.UTF_8));
    Segments.cutAfter(folder, 2);
    assertThat(folder.resolve("log_inprogress_6")).doesNotExist();
    assertThat(Files.size(folder.resolve("log_inprogress_0"))).isEqualTo(made.ends[2]);
    JournalCheck.run(folder, -1, 2);
  }

  @Test
  void everyFlippedBitOfTheMarkShows() throws IOException {
    Path file = folder.resolve("mark");
    for (long index : new long[] {0, 1, 77, 1L << 40}) {
      for (int bit = 0; bit < 64; bit++) {
        Files.write(
            file, ByteBuffer.allocate(8).putLong(DurableMark.pack(index) ^ 1L << bit).array());
        try (DurableMark mark = DurableMark.open(file)) {
          assertThatThrownBy(mark::read).isInstanceOf(StoreException.class);
        }
      }
      try (DurableMark mark = DurableMark.open(file)) {
        mark.write(index);
        assertThat(mark.read()).isEqualTo(index);
      }
    }
  }
}
