package io.keelson.control.blob;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.BoundMessage;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.model.Blob;
import io.keelson.control.operation.Failures;
import io.keelson.control.rules.Named;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** The blobs of the pool: their records, and what clients upload and fetch. */
public final class Blobs {
  private static final int CHUNK = 1 << 16;

  private final Store store;
  private final Clock clock;
  private final BlobFiles files;
  private final Path folder;

  /**
   * @param folder of the contents
   */
  public Blobs(Store store, Clock clock, Path folder) {
    this.store = store;
    this.clock = clock;
    this.folder = folder;
    this.files = new BlobFiles(folder);
  }

  /** The messages about blobs. */
  public List<BoundMessage> messages() {
    return new BlobMessagesHandler(store, this).all();
  }

  /**
   * @param name its reference or uuid
   * @throws io.keelson.api.ApiError HANDLE_INVALID, UUID_INVALID
   */
  public Ref<Blob> find(String name) {
    return Named.find(store.snapshot(), ApiModel.BLOB, name);
  }

  /** Whether the blob of that reference or uuid is there for everybody. */
  public Optional<Ref<Blob>> findPublic(String name) {
    Snapshot state = store.snapshot();
    return Optional.of(Ref.<Blob>of(name))
        .filter(ref -> state.find(ApiModel.BLOB, ref).isPresent())
        .or(() -> state.table(ApiModel.BLOB).byUuid(name))
        .filter(ref -> state.get(ApiModel.BLOB, ref).public_());
  }

  /**
   * A blob's content.
   *
   * @param uuid of the blob
   * @param content what was uploaded last, to be closed; empty when nothing was
   */
  public record Content(String uuid, String mimeType, Optional<FileChannel> content)
      implements AutoCloseable {
    public long size() throws IOException {
      return content.isPresent() ? content.get().size() : 0;
    }

    @Override
    public void close() throws IOException {
      if (content.isPresent()) {
        content.get().close();
      }
    }
  }

  /**
   * Opens what a blob holds now; later uploads do not change it.
   *
   * @throws io.keelson.api.ApiError HANDLE_INVALID
   */
  public Content open(Ref<Blob> ref) throws IOException {
    Blob blob = store.snapshot().get(ApiModel.BLOB, ref);
    if (blob.content().isEmpty()) {
      return new Content(blob.uuid(), blob.mimeType(), Optional.empty());
    }
    Optional<FileChannel> content = files.find(blob.content());
    if (content.isPresent()) {
      return new Content(blob.uuid(), blob.mimeType(), content);
    }
    if (store.snapshot().get(ApiModel.BLOB, ref).content().equals(blob.content())) {
      throw new IOException("the content of blob " + blob.uuid() + " is not in its folder");
    }
    return open(ref); // it was replaced at this moment
  }

  /**
   * Gives a blob the uploaded content, once all of it is there.
   *
   * @param length where the client has said it
   * @throws io.keelson.api.ApiError HANDLE_INVALID, OUT_OF_SPACE, IMPORT_ERROR, TASK_CANCELLED
   */
  public void upload(Call call, Ref<Blob> ref, InputStream in, OptionalLong length) {
    Blob _ = store.snapshot().get(ApiModel.BLOB, ref);
    try (BlobFiles.Made made = files.make()) {
      if (length.isPresent() && length.getAsLong() > files.space()) {
        throw ApiErrors.outOfSpace(folder.toString());
      }
      try {
        long size = write(call, made, in, length);
        String old = store.transact(tx -> settle(tx, ref, made.name(), size));
        if (!old.isEmpty()) {
          files.remove(old);
        }
      } catch (IOException | RuntimeException e) {
        files.remove(made.name());
        throw e;
      }
    } catch (IOException e) {
      throw Failures.ofFiles(folder, e);
    }
  }

  private long write(Call call, BlobFiles.Made made, InputStream in, OptionalLong length)
      throws IOException {
    byte[] chunk = new byte[CHUNK];
    long size = 0;
    try (FileChannel out = made.open()) {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, count);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        size += count;
        if (length.isPresent() && length.getAsLong() > 0) {
          call.progress((double) size / length.getAsLong());
        }
      }
      out.force(true);
    }
    made.list();
    return size;
  }

  /** Says where a blob's content is from now on, and returns where it was. */
  private String settle(Transaction tx, Ref<Blob> ref, String content, long size) {
    String before = tx.get(ApiModel.BLOB, ref).content();
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    tx.update(ApiModel.BLOB, ref, r -> r.with(b -> b.content(content).size(size).lastUpdated(now)));
    return before;
  }

  /** Removes the contents of blobs that are gone. */
  public void sweep() {
    files.sweep(this::named);
  }

  private Set<String> named() {
    return store
        .snapshot()
        .rows(ApiModel.BLOB)
        .map(row -> row.record().content())
        .collect(Collectors.toSet());
  }
}
