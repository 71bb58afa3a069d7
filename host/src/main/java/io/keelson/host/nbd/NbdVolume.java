package io.keelson.host.nbd;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.VolumeBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The contents of an image, or of whatever QEMU's block layer can open. */
public final class NbdVolume implements VolumeBytes {
  private final NbdServer server;
  private final NbdClient client;
  private final boolean readOnly;

  /** Stretches that count, as far as they are known; their end. */
  private final Deque<Stretch> known = new ArrayDeque<>();

  private long knownFrom;
  private long knownTo;

  private NbdVolume(NbdServer server, NbdClient client, boolean readOnly) {
    this.server = server;
    this.client = client;
    this.readOnly = readOnly;
  }

  /** Work that talks to the server. */
  @FunctionalInterface
  private interface Talk<T> {
    T run() throws IOException;
  }

  /**
   * Opens it. Raises WRONG_STATE while somebody else writes it, NOT_FOUND, UNSUPPORTED without
   * qemu-nbd.
   */
  public static NbdVolume open(DiskSource source, boolean readOnly) {
    return open(source, readOnly, BlockContext.DATA);
  }

  /**
   * Opens an image for reading as {@link #open} does, but with those stretches alone that the
   * uppermost images of its chain hold, zeroes included.
   */
  public static NbdVolume openHeld(DiskSource source, int uppermost) {
    return open(source, true, BlockContext.heldBy(uppermost));
  }

  private static NbdVolume open(DiskSource source, boolean readOnly, BlockContext context) {
    NbdServer server = NbdServer.open(source, readOnly);
    try {
      return new NbdVolume(server, NbdClient.over(server.channel(), context), readOnly);
    } catch (IOException e) {
      throw server.refused(e);
    }
  }

  @Override
  public long size() {
    return client.size();
  }

  @Override
  public Optional<Stretch> next(long offset) {
    return talk(() -> {
      long at = offset;
      while (at < size()) {
        if (!readOnly || at < knownFrom || at >= knownTo) {
          learn(at);
        }
        while (!known.isEmpty() && end(known.getFirst()) <= at) {
          Stretch _ = known.removeFirst();
        }
        if (!known.isEmpty()) {
          return Optional.of(known.getFirst());
        }
        at = knownTo;
      }
      return Optional.empty();
    });
  }

  private static long end(Stretch stretch) {
    return stretch.offset() + stretch.length();
  }

  private void learn(long offset) throws IOException {
    List<NbdClient.Status> all = client.status(offset, size() - offset);
    known.clear();
    long at = offset;
    for (NbdClient.Status status : all) {
      long length = Math.min(status.length(), size() - at);
      if (status.counts() && length > 0) {
        known.add(new Stretch(at, length));
      }
      at += length;
    }
    knownFrom = offset;
    knownTo = at;
  }

  @Override
  public void read(long offset, ByteBuffer into) {
    pieces(offset, into, client::read);
  }

  @Override
  public void write(long offset, ByteBuffer from) {
    pieces(offset, from, client::write);
  }

  /** What is done with a piece that fits into one request. */
  @FunctionalInterface
  private interface Piece {
    void move(long offset, ByteBuffer bytes) throws IOException;
  }

  private void pieces(long offset, ByteBuffer bytes, Piece piece) {
    within(offset, bytes.remaining());
    Boolean _ =
        talk(() -> {
          long at = offset;
          int limit = bytes.limit();
          while (bytes.position() < limit) {
            int size = Math.min(NbdClient.MOST, limit - bytes.position());
            bytes.limit(bytes.position() + size);
            piece.move(at, bytes);
            at += size;
          }
          bytes.limit(limit);
          return true;
        });
  }

  @Override
  public void zero(long offset, long length) {
    within(offset, length);
    Boolean _ =
        talk(() -> {
          client.zero(offset, length);
          return true;
        });
  }

  @Override
  public void flush() {
    Boolean _ =
        talk(() -> {
          client.flush();
          return true;
        });
  }

  @Override
  public void close() {
    try (server) {
      client.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void within(long offset, long length) {
    if (offset < 0 || length < 0 || offset > size() - length) {
      throw new DriverException(
          Reason.INVALID,
          "a volume of " + size() + " bytes does not hold " + offset + "+" + length);
    }
  }

  private static <T> T talk(Talk<T> talk) {
    try {
      return talk.run();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static DriverException failed(IOException e) {
    Reason reason =
        e instanceof NbdError error && error.noSpace() ? Reason.NO_SPACE : Reason.FAILED;
    return new DriverException(reason, "qemu-nbd: " + e.getMessage(), e);
  }
}
