package io.keelson.host.qemu;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.host.qemu.qmp.Json;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import tools.jackson.core.JacksonException;

/**
 * A suspended machine in a file, or on a device: which machine it is, then QEMU's own stream of its
 * memory.
 *
 * <p>The file starts with {@code KEELSUSP}, the lengths of the record (4 bytes) and of the stream
 * (8 bytes) and their CRC32C checksums (4 bytes each), big-endian; then the record as JSON and the
 * stream. The head is written last, once the rest is on disk: a file without it is incomplete.
 */
final class SuspendImage {
  private static final long MAGIC = 0x4b45454c53555350L; // KEELSUSP
  private static final int HEAD = 8 + 4 + 8 + 4 + 4;
  private static final int LONGEST_RECORD = 1 << 20;
  private static final int CHUNK = 1 << 20;
  private static final Pattern MACHINE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private SuspendImage() {}

  /** The head of an image. */
  record Head(int recordLength, long streamLength, int recordSum, int streamSum) {
    long streamStart() {
      return HEAD + (long) recordLength;
    }
  }

  /** Writes all that comes from the channel as an image; returns when it is on disk. */
  static void write(
      Path file, DomainRecord record, ReadableByteChannel stream, LongConsumer written)
      throws IOException {
    byte[] text = DomainRecordJson.write(record).write().getBytes(StandardCharsets.UTF_8);
    try (FileChannel image =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      writeAll(image, ByteBuffer.allocate(HEAD));
      writeAll(image, ByteBuffer.wrap(text));
      CRC32C sum = new CRC32C();
      ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
      long length = 0;
      while (stream.read(chunk.clear()) >= 0) {
        sum.update(chunk.flip());
        length += chunk.rewind().remaining();
        writeAll(image, chunk);
        written.accept(length);
      }
      image.force(true);
      ByteBuffer head =
          ByteBuffer.allocate(HEAD)
              .putLong(MAGIC)
              .putInt(text.length)
              .putLong(length)
              .putInt(checksum(text))
              .putInt((int) sum.getValue())
              .flip();
      image.position(0);
      writeAll(image, head);
      image.force(true);
    }
  }

  /** Copies an image, which is none at the new place until it is complete and on disk. */
  static void copy(Path image, Path copy, Progress progress) {
    try (FileChannel from = FileChannel.open(image);
        FileChannel to =
            FileChannel.open(
                copy,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
      Head head = head(from);
      long length = head.streamStart() + head.streamLength();
      writeAll(to, ByteBuffer.allocate(HEAD));
      for (long done = HEAD; done < length; ) {
        progress.stopIfCancelled("the copy");
        long sent = from.transferTo(done, Math.min(16L * CHUNK, length - done), to);
        if (sent == 0) {
          throw corrupt(image, "it is shorter than it says");
        }
        done += sent;
        progress.report((double) done / length);
      }
      to.force(true);
      to.position(0);
      from.transferTo(0, HEAD, to);
      to.force(true);
    } catch (NoSuchFileException e) {
      throw new DriverException(Reason.NOT_FOUND, "no suspend image " + image, e);
    } catch (IOException e) {
      spoil(copy);
      boolean full = String.valueOf(e.getMessage()).contains("No space left");
      throw new DriverException(
          full ? Reason.NO_SPACE : Reason.FAILED, "copying " + image + ": " + e, e);
    }
  }

  /** Makes sure that nobody takes the file for an image. */
  static void spoil(Path file) {
    try (FileChannel image = FileChannel.open(file, StandardOpenOption.WRITE)) {
      writeAll(image, ByteBuffer.allocate(HEAD));
    } catch (IOException e) {
      // Without its head, or without itself, it is none anyway.
    }
  }

  /** The machine that the image holds; raises NOT_FOUND, CORRUPT. */
  static DomainRecord record(Path file) {
    try (FileChannel image = FileChannel.open(file)) {
      Head head = head(image);
      byte[] text = new byte[head.recordLength()];
      readAll(image, ByteBuffer.wrap(text), HEAD);
      if (checksum(text) != head.recordSum()) {
        throw corrupt(file, "the record of its machine is damaged");
      }
      DomainRecord record = DomainRecordJson.read(Json.parse(text, 0, text.length));
      // An image may come from anywhere, and this becomes part of a command line.
      if (!MACHINE.matcher(record.machine()).matches()) {
        throw corrupt(file, "its machine has no name");
      }
      return record;
    } catch (NoSuchFileException e) {
      throw new DriverException(Reason.NOT_FOUND, "no suspend image " + file, e);
    } catch (IOException
        | JacksonException
        | IllegalArgumentException
        | ClassCastException
        | DateTimeException e) {
      throw new DriverException(Reason.CORRUPT, "suspend image " + file + ": " + e, e);
    }
  }

  /** The machine that the image holds, after all of it was read; raises NOT_FOUND, CORRUPT. */
  static DomainRecord inspect(Path file, Progress progress) {
    DomainRecord record = record(file);
    try {
      double length = Math.max(1, streamLength(file));
      read(
          file,
          Channels.newChannel(OutputStream.nullOutputStream()),
          done -> {
            progress.stopIfCancelled("reading an image");
            progress.report(done / length);
          });
      return record;
    } catch (IOException e) {
      throw new DriverException(Reason.CORRUPT, "suspend image " + file + ": " + e, e);
    }
  }

  /** Sends the image's stream; raises CORRUPT at its end when a byte of it has changed. */
  static void read(Path file, WritableByteChannel stream, LongConsumer sent) throws IOException {
    try (FileChannel image = FileChannel.open(file)) {
      Head head = head(image);
      image.position(head.streamStart());
      CRC32C sum = new CRC32C();
      ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
      long left = head.streamLength();
      while (left > 0) {
        chunk.clear().limit((int) Math.min(CHUNK, left));
        if (image.read(chunk) < 0) {
          throw corrupt(file, "it is shorter than it says");
        }
        chunk.flip();
        left -= chunk.remaining();
        sum.update(chunk);
        writeAll(stream, chunk.rewind());
        sent.accept(head.streamLength() - left);
      }
      if ((int) sum.getValue() != head.streamSum()) {
        throw corrupt(file, "its memory is damaged");
      }
    }
  }

  /** How many bytes of memory stream the image holds. */
  static long streamLength(Path file) throws IOException {
    try (FileChannel image = FileChannel.open(file)) {
      return head(image).streamLength();
    }
  }

  private static Head head(FileChannel image) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(HEAD);
    readAll(image, bytes, 0);
    bytes.flip();
    if (bytes.getLong() != MAGIC) {
      throw new DriverException(Reason.CORRUPT, "no complete suspend image");
    }
    Head head = new Head(bytes.getInt(), bytes.getLong(), bytes.getInt(), bytes.getInt());
    if (head.recordLength() < 0 || head.recordLength() > LONGEST_RECORD) {
      throw new DriverException(Reason.CORRUPT, "the suspend image's head is damaged");
    }
    return head;
  }

  private static int checksum(byte[] text) {
    CRC32C sum = new CRC32C();
    sum.update(text);
    return (int) sum.getValue();
  }

  private static void writeAll(WritableByteChannel to, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      to.write(bytes);
    }
  }

  private static void readAll(FileChannel from, ByteBuffer bytes, long at) throws IOException {
    while (bytes.hasRemaining()) {
      if (from.read(bytes, at + bytes.position()) < 0) {
        throw new EOFException("it is too short");
      }
    }
  }

  private static DriverException corrupt(Path file, String why) {
    return new DriverException(Reason.CORRUPT, "suspend image " + file + ": " + why);
  }
}
