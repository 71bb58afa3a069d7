package io.keelson.control.patch;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.BoundMessage;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.HostPatchMessages;
import io.keelson.api.messages.PoolPatchMessages;
import io.keelson.api.model.PoolPatch;
import io.keelson.control.Resources;
import io.keelson.control.Threads;
import io.keelson.control.operation.Failures;
import io.keelson.control.rules.Named;
import io.keelson.store.Transaction;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The patches of the pool: what clients upload and fetch, and their messages. */
public final class Patches implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Patches.class);
  private static final int CHUNK = 1 << 16;

  private final Resources resources;
  private final PatchFiles files;
  private final PatchRuns runs;

  /** Each waits for a run that the last server left. */
  private final List<Thread> settling = new CopyOnWriteArrayList<>();

  /**
   * @param folder of patches and of the keys of those who may make them
   */
  public Patches(Resources resources, Path folder) {
    this.resources = resources;
    this.files = new PatchFiles(folder);
    this.runs = new PatchRuns(resources, files);
  }

  /** The messages about patches. */
  public List<BoundMessage> messages() {
    PoolPatchHandler pool = new PoolPatchHandler(resources, files, runs);
    return Stream.of(
            PoolPatchMessages.bind(pool),
            HostPatchMessages.bind(new HostPatchHandler(resources.store(), pool)))
        .flatMap(List::stream)
        .toList();
  }

  /** Takes up the runs that the last server did not see the end of. */
  public void recover() {
    try {
      files.sweep(runs.named());
      for (PatchFiles.Run run : runs.left()) {
        if (!runs.settle(run)) {
          settling.add(Thread.ofVirtual().name("patch").start(() -> settleAtItsEnd(run)));
        }
      }
    } catch (IOException e) {
      LOG.warn("the files of patches cannot be looked through", e);
    }
  }

  private void settleAtItsEnd(PatchFiles.Run run) {
    try {
      runs.settleAtItsEnd(run);
    } catch (IOException | RuntimeException e) {
      if (!Thread.currentThread().isInterrupted()) {
        LOG.warn("the run of patch {} is not looked at until the next start", run.patch(), e);
      }
    }
  }

  /** What runs goes on. */
  @Override
  public void close() {
    settling.forEach(Thread::interrupt);
    settling.forEach(Threads::awaitEnd);
  }

  /**
   * Takes a patch that a client uploads, if somebody who is believed has signed it.
   *
   * @param length where the client has said it
   * @throws ApiError INVALID_PATCH, INVALID_PATCH_WITH_LOG, PATCH_ALREADY_EXISTS, OUT_OF_SPACE
   */
  public Ref<PoolPatch> upload(Call call, InputStream in, OptionalLong length) {
    try {
      if (length.orElse(0) > files.space() / 2) {
        throw ApiErrors.outOfSpace(files.folder().toString());
      }
      Path uploaded = files.scratch();
      Path content = files.scratch();
      try {
        long size = write(call, in, uploaded, length);
        PatchArchive.verify(uploaded, files.keys(), content);
        PatchManifest manifest = PatchArchive.manifest(content);
        requireNew(manifest);
        Ref<PoolPatch> ref = resources.store().transact(tx -> record(tx, manifest, size));
        files.keep(uploaded, manifest.uuid());
        return ref;
      } finally {
        Files.deleteIfExists(uploaded);
        Files.deleteIfExists(content);
      }
    } catch (IOException e) {
      throw Failures.ofFiles(files.folder(), e);
    }
  }

  /** A patch's file, as it was uploaded. */
  public record Content(String uuid, FileChannel file) {}

  /**
   * @param name reference or uuid
   * @throws ApiError HANDLE_INVALID, UUID_INVALID, CANNOT_FIND_PATCH
   */
  public Content open(String name) {
    Ref<PoolPatch> ref = Named.find(resources.store().snapshot(), ApiModel.POOL_PATCH, name);
    String uuid = resources.store().snapshot().get(ApiModel.POOL_PATCH, ref).uuid();
    if (!Files.exists(files.file(uuid))) {
      throw ApiErrors.cannotFindPatch();
    }
    try {
      return new Content(uuid, FileChannel.open(files.file(uuid), StandardOpenOption.READ));
    } catch (IOException e) {
      throw Failures.ofFiles(files.folder(), e);
    }
  }

  /** A patch whose file was cleaned may come again. */
  private void requireNew(PatchManifest manifest) {
    boolean known =
        resources.store().snapshot().table(ApiModel.POOL_PATCH).byUuid(manifest.uuid()).isPresent();
    if (known && Files.exists(files.file(manifest.uuid()))) {
      throw ApiErrors.patchAlreadyExists(manifest.uuid());
    }
  }

  private static Ref<PoolPatch> record(Transaction tx, PatchManifest manifest, long size) {
    Optional<Ref<PoolPatch>> known = tx.table(ApiModel.POOL_PATCH).byUuid(manifest.uuid());
    Ref<PoolPatch> ref =
        known.orElseGet(() ->
            tx.create(
                ApiModel.POOL_PATCH,
                ApiModel.POOL_PATCH.blank().with(b -> b.uuid(manifest.uuid()))));
    tx.update(
        ApiModel.POOL_PATCH,
        ref,
        p ->
            p.with(b ->
                b.nameLabel(manifest.nameLabel())
                    .nameDescription(manifest.nameDescription())
                    .version(manifest.version())
                    .afterApplyGuidance(new HashSet<>(manifest.guidance()))
                    .size(size)));
    return ref;
  }

  private static long write(Call call, InputStream in, Path target, OptionalLong length)
      throws IOException {
    long size = 0;
    try (OutputStream out = Files.newOutputStream(target)) {
      byte[] chunk = new byte[CHUNK];
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        out.write(chunk, 0, count);
        size += count;
        if (length.isPresent() && length.getAsLong() > 0) {
          call.progress((double) size / length.getAsLong());
        }
      }
    }
    return size;
  }
}
