package io.keelson.store.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;

/**
 * Reads a segment file as Ratis writes it: a header, then entries, each its length, its content and
 * a CRC32C over both, then zeros as far as space was set aside.
 */
final class SegmentReader {
  private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.UTF_8);
  static final int HEADER_LENGTH = HEADER.length;
  private static final int CHECKSUM_LENGTH = 4;

  /** Tag of a Ratis entry's first field, its term. */
  private static final byte FIRST_FIELD = 8;

  private final byte[] bytes;
  private int position;

  SegmentReader(Path file) throws IOException {
    bytes = Files.readAllBytes(file);
    position = HEADER_LENGTH;
  }

  /** An entry that is whole. */
  record Entry(long term, long index, LogEntryProto content) {}

  boolean headerIsWhole() {
    return bytes.length >= HEADER_LENGTH
        && Arrays.equals(bytes, 0, HEADER_LENGTH, HEADER, 0, HEADER_LENGTH);
  }

  /** Whether the header is cut short: a beginning of it, then nothing or zeros. */
  boolean headerIsTorn() {
    int same = 0;
    while (same < HEADER_LENGTH && same < bytes.length && bytes[same] == HEADER[same]) {
      same++;
    }
    return same < HEADER_LENGTH && zerosFrom(same);
  }

  long position() {
    return position;
  }

  long length() {
    return bytes.length;
  }

  /** Whether there is nothing after the last entry read but zeros. */
  boolean onlyZerosLeft() {
    return zerosFrom(position);
  }

  private boolean zerosFrom(int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** The next entry; empty, with the position unchanged, when none that is whole follows. */
  Optional<Entry> next() {
    return at(position);
  }

  private Optional<Entry> at(int start) {
    ByteBuffer in = ByteBuffer.wrap(bytes).position(Math.min(start, bytes.length));
    int length = length(in);
    int content = in.position();
    if (length <= 0 || length > bytes.length - content - CHECKSUM_LENGTH) {
      return Optional.empty();
    }
    int end = content + length;
    CRC32C crc = new CRC32C();
    crc.update(bytes, start, end - start);
    if (in.getInt(end) != (int) crc.getValue()) {
      return Optional.empty();
    }
    try {
      LogEntryProto entry = LogEntryProto.parser().parseFrom(bytes, content, length);
      position = end + CHECKSUM_LENGTH;
      return Optional.of(new Entry(entry.getTerm(), entry.getIndex(), entry));
    } catch (InvalidProtocolBufferException _) {
      return Optional.empty();
    }
  }

  /** A length as a number of up to five bytes; 0 when there is none. */
  private static int length(ByteBuffer in) {
    int value = 0;
    for (int shift = 0; shift < 32 && in.hasRemaining(); shift += 7) {
      byte b = in.get();
      value |= (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
    return 0;
  }

  /** Looks for a whole entry anywhere after a place where none could be read. */
  Optional<Entry> search() {
    for (int i = position + 1; i < bytes.length - CHECKSUM_LENGTH; i++) {
      if (bytes[i] != 0 && looksLikeEntry(i)) {
        Optional<Entry> entry = at(i);
        if (entry.isPresent()) {
          return entry;
        }
      }
    }
    return Optional.empty();
  }

  private boolean looksLikeEntry(int start) {
    int i = start;
    while (i < bytes.length && i - start < 5 && bytes[i] < 0) {
      i++;
    }
    return i + 1 < bytes.length && bytes[i + 1] == FIRST_FIELD;
  }
}
