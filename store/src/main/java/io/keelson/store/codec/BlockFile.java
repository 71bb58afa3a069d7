package io.keelson.store.codec;

import io.keelson.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;

/**
 * A file of compressed blocks, each with its lengths and a checksum over all of it, and an empty
 * block at the end: any flipped bit and any missing or added byte shows.
 */
final class BlockFile {
  private static final long MAGIC = 0x4B45454C534F4E31L;
  private static final int HEAD = 12;
  private static final int MAX_BLOCK = 1 << 28;

  private BlockFile() {}

  /** Writes a file under another name, and gives it its own once it is whole and on disk. */
  static final class Writer implements AutoCloseable {
    private final Path file;
    private final Path temporary;
    private final FileChannel channel;

    Writer(Path file) throws IOException {
      this.file = file;
      this.temporary = DurableFiles.temporary(file);
      this.channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
      ByteBuffer magic = ByteBuffer.allocate(8).putLong(MAGIC).flip();
      writeAll(magic);
    }

    void block(byte[] content) throws IOException {
      byte[] packed = content.length == 0 ? content : Packing.pack(content);
      ByteBuffer out = ByteBuffer.allocate(HEAD + packed.length);
      out.putInt(packed.length).putInt(content.length).putInt(0).put(packed);
      out.putInt(8, checksum(out.duplicate().flip()));
      writeAll(out.flip());
    }

    private void writeAll(ByteBuffer out) throws IOException {
      while (out.hasRemaining()) {
        channel.write(out);
      }
    }

    void finish() throws IOException {
      block(new byte[0]);
      channel.force(true);
      channel.close();
      DurableFiles.replace(file);
    }

    @Override
    public void close() throws IOException {
      channel.close();
      Files.deleteIfExists(temporary);
    }
  }

  private static int checksum(ByteBuffer block) {
    CRC32C crc = new CRC32C();
    crc.update(block.slice(0, 8));
    crc.update(block.slice(HEAD, block.limit() - HEAD));
    return (int) crc.getValue();
  }

  /** Reads a file block by block. */
  static final class Reader {
    private final Path file;
    private final ByteBuffer bytes;

    Reader(Path file) throws IOException {
      this.file = file;
      this.bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      if (bytes.remaining() < 8 || bytes.getLong() != MAGIC) {
        throw damaged(0, "not a file of this store");
      }
    }

    /** The next block; empty at the end. */
    Optional<ByteBuffer> block() {
      int at = bytes.position();
      if (bytes.remaining() < HEAD) {
        throw damaged(at, "the file ends too early");
      }
      int packedLength = bytes.getInt(at);
      int length = bytes.getInt(at + 4);
      if (packedLength < 0
          || packedLength > bytes.remaining() - HEAD
          || length < 0
          || length > MAX_BLOCK) {
        throw damaged(at, "a block of impossible length");
      }
      ByteBuffer block = bytes.slice(at, HEAD + packedLength);
      if (checksum(block) != block.getInt(8)) {
        throw damaged(at, "checksum mismatch");
      }
      bytes.position(at + HEAD + packedLength);
      if (length == 0) {
        if (bytes.hasRemaining()) {
          throw damaged(bytes.position(), "bytes after the end");
        }
        return Optional.empty();
      }
      byte[] packed = new byte[packedLength];
      block.position(HEAD).get(packed);
      try {
        return Optional.of(ByteBuffer.wrap(Packing.unpack(packed, length)));
      } catch (DataFormatException e) {
        throw new StoreException(file + " is damaged at offset " + at + ": " + e.getMessage(), e);
      }
    }

    private StoreException damaged(long offset, String what) {
      return new StoreException(file + " is damaged at offset " + offset + ": " + what);
    }
  }
}
