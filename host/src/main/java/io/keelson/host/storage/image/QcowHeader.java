package io.keelson.host.storage.image;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The start of a qcow2 image: enough to know its size and what it rests on, without a process and
 * also while a domain writes the image.
 *
 * @param virtualSize bytes the guest sees
 * @param backing name of the image below, as it is written there
 * @param snapshots number of internal snapshots
 * @param topTableOffset where the first-level table of clusters starts
 * @param topTableEntries its length, in entries of eight bytes
 */
public record QcowHeader(
    long virtualSize,
    Optional<String> backing,
    int snapshots,
    long topTableOffset,
    int topTableEntries) {

  private static final int MAGIC = 0x514649fb;
  private static final int BACKING_FORMAT = 0xe2792aca;
  private static final int FIRST_READ = 4096;
  private static final int MOST_ENTRIES = 1 << 22;

  /** Incompatible features that qemu-img 7.2 sets and this driver's images may have. */
  private static final long DIRTY = 1;

  private static final long EXTENDED = 1 << 4;

  /** Reads the header. Raises NOT_FOUND, and CORRUPT for what is no image of ours. */
  public static QcowHeader read(Path image) {
    try (SeekableByteChannel channel =
        Files.newByteChannel(image, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      return parse(image, read(channel, 0, FIRST_READ));
    } catch (NoSuchFileException e) {
      throw new DriverException(Reason.NOT_FOUND, "image " + image + " does not exist", e);
    } catch (IOException e) {
      throw new DriverException(Reason.CORRUPT, "image " + image + " cannot be read", e);
    }
  }

  /** Whether no cluster was ever written to the image: all it shows is its backing, or zeroes. */
  public boolean empty(Path image) {
    if (snapshots != 0) {
      return false;
    }
    try (SeekableByteChannel channel =
        Files.newByteChannel(image, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      ByteBuffer table = read(channel, topTableOffset, topTableEntries * Long.BYTES);
      while (table.remaining() >= Long.BYTES) {
        if (table.getLong() != 0) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      throw new DriverException(Reason.CORRUPT, "image " + image + " cannot be read", e);
    }
  }

  private static ByteBuffer read(SeekableByteChannel channel, long offset, int length)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    channel.position(offset);
    int n = 0;
    while (n >= 0 && bytes.hasRemaining()) {
      n = channel.read(bytes);
    }
    return bytes.flip();
  }

  private static QcowHeader parse(Path image, ByteBuffer bytes) {
    check(image, bytes.limit() >= 72 && bytes.getInt(0) == MAGIC, "is no qcow2 image");
    int version = bytes.getInt(4);
    check(image, version == 2 || (version == 3 && bytes.limit() >= 104), "has an unknown version");
    check(image, bytes.getInt(32) == 0, "is encrypted");
    long features = version == 2 ? 0 : bytes.getLong(72);
    check(image, (features & ~(DIRTY | EXTENDED)) == 0, "has features not of this repository");
    long size = bytes.getLong(24);
    int entries = bytes.getInt(36);
    long offset = bytes.getLong(40);
    check(image, size >= 0 && entries >= 0 && entries <= MOST_ENTRIES && offset >= 0, "is damaged");
    Optional<String> backing = backing(image, bytes);
    if (backing.isPresent()) {
      int start = version == 2 ? 72 : bytes.getInt(100);
      check(image, "qcow2".equals(backingFormat(image, bytes, start)), "has a backing to guess");
    }
    return new QcowHeader(size, backing, bytes.getInt(60), offset, entries);
  }

  private static Optional<String> backing(Path image, ByteBuffer bytes) {
    long offset = bytes.getLong(8);
    int length = bytes.getInt(16);
    if (offset == 0 || length == 0) {
      return Optional.empty();
    }
    check(
        image,
        length > 0 && length < 1024 && offset >= 72 && offset + length <= bytes.limit(),
        "names its backing outside its header");
    return Optional.of(text(bytes, (int) offset, length));
  }

  private static String backingFormat(Path image, ByteBuffer bytes, int start) {
    int at = start;
    while (at >= 72 && at + 8 <= bytes.limit()) {
      int type = bytes.getInt(at);
      int length = bytes.getInt(at + 4);
      check(image, length >= 0 && length <= bytes.limit() - at - 8, "has a damaged header");
      if (type == 0) {
        break;
      }
      if (type == BACKING_FORMAT) {
        return text(bytes, at + 8, length);
      }
      at += 8 + (length + 7) / 8 * 8;
    }
    return "";
  }

  private static String text(ByteBuffer bytes, int offset, int length) {
    byte[] text = new byte[length];
    bytes.get(offset, text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private static void check(Path image, boolean good, String complaint) {
    if (!good) {
      throw new DriverException(Reason.CORRUPT, "image " + image + " " + complaint);
    }
  }
}
