package io.keelson.control.patch;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.HostPatch;
import io.keelson.api.model.PoolPatch;
import io.keelson.control.Resources;
import io.keelson.control.host.Product;
import io.keelson.control.patch.PatchFiles.Run;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Patching;
import io.keelson.host.Patching.Ended;
import io.keelson.host.Patching.Lost;
import io.keelson.host.Patching.Over;
import io.keelson.host.Patching.Running;
import io.keelson.store.Row;
import io.keelson.store.Transaction;
import io.keelson.store.codec.DurableFiles;
import io.keelson.store.codec.FullDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of patches' programs. One that the server did not see the end of is settled when it has
 * ended, by whichever server is there then.
 */
final class PatchRuns {
  private static final Logger LOG = LoggerFactory.getLogger(PatchRuns.class);

  private final Resources resources;
  private final PatchFiles files;

  /** The folders of runs that calls of this process are about. */
  private final Set<Path> watched = ConcurrentHashMap.newKeySet();

  PatchRuns(Resources resources, PatchFiles files) {
    this.resources = resources;
    this.files = files;
  }

  /** A run of a call; closed once what came of it is written. */
  final class Watched implements AutoCloseable {
    private final Run run;
    private Optional<PatchManifest> unpacked = Optional.empty();

    private Watched(Run run) {
      this.run = run;
    }

    /**
     * Has the patch's file checked and unpacked, and its demands and its program {@code precheck}
     * say yes.
     *
     * @return what the program said
     * @throws ApiError CANNOT_FIND_PATCH, INVALID_PATCH*, PATCH_PRECHECK_FAILED_*
     */
    String precheck(Ref<PoolPatch> patch, Ref<Host> host) {
      PatchManifest manifest;
      try {
        manifest = unpack();
        PatchRules.check(resources.store().snapshot(), patch, host, manifest, files.space());
      } catch (IOException e) {
        throw unusable(patch, e);
      }
      if (!Files.exists(run.folder().resolve(PatchArchive.PRECHECK))) {
        return "";
      }
      Ended ended = patching().precheck(run.host(), run.folder(), environment(manifest));
      String said = PatchText.clean(ended.output());
      if (ended.exit() != 0) {
        throw ApiErrors.patchPrecheckFailedUnknownError(patch.text(), said);
      }
      return said;
    }

    /**
     * Runs the program {@code apply} of an unpacked patch to its end.
     *
     * @return what it said
     * @throws ApiError PATCH_APPLY_FAILED
     */
    String apply() {
      patching().apply(run.host(), run.folder(), environment(manifest()));
      return switch (over()) {
        case Ended(int exit, String output) -> {
          if (exit != 0) {
            throw ApiErrors.patchApplyFailed(PatchText.clean(output));
          }
          yield PatchText.clean(output);
        }
        case Lost() -> throw ApiErrors.patchApplyFailed("the program is gone");
      };
    }

    private Over over() {
      try {
        return patching().await(run.host(), run.folder());
      } catch (DriverException e) {
        if (e.reason() == Reason.CANCELLED) {
          throw ApiErrors.internalError(List.of("The server ends; the patch goes on without it"));
        }
        throw e;
      }
    }

    private ApiError unusable(Ref<PoolPatch> patch, IOException e) {
      LOG.warn("patch {} cannot be unpacked", run.patch(), e);
      return FullDisk.isMeantBy(e)
          ? ApiErrors.outOfSpace(files.folder().toString())
          : ApiErrors.patchPrecheckFailedUnknownError(
              patch.text(), "The patch cannot be unpacked; the log says why");
    }

    private PatchManifest unpack() throws IOException {
      Path file = files.file(run.patch());
      if (!Files.exists(file)) {
        throw ApiErrors.cannotFindPatch();
      }
      files.prepare(run);
      Path content = files.scratch();
      try {
        PatchArchive.verify(file, files.keys(), content);
        PatchManifest manifest = PatchArchive.unpack(content, run.folder());
        if (!manifest.uuid().equals(run.patch())) {
          throw ApiErrors.invalidPatch();
        }
        unpacked = Optional.of(manifest);
        return manifest;
      } finally {
        Files.deleteIfExists(content);
      }
    }

    private PatchManifest manifest() {
      return unpacked.orElseThrow(() -> new IllegalStateException("not unpacked yet"));
    }

    private Map<String, String> environment(PatchManifest manifest) {
      return Map.of(
          "KEELSON_HOST_UUID",
          run.host().toString(),
          "KEELSON_PATCH_UUID",
          manifest.uuid(),
          "KEELSON_PATCH_VERSION",
          manifest.version(),
          "KEELSON_VERSION",
          Product.version());
    }

    /** What still runs is left to run. */
    @Override
    public void close() {
      try {
        if (!(patching().state(run.host(), run.folder()) instanceof Running)) {
          DurableFiles.removeTree(run.folder());
        }
      } catch (IOException e) {
        LOG.warn("what a patch left behind stays until it is tried again", e);
      } finally {
        watched.remove(run.folder());
      }
    }
  }

  /** The runs that the last server left. */
  List<Run> left() throws IOException {
    return files.runs();
  }

  /**
   * Begins to work on a patch on a host.
   *
   * @throws ApiError OTHER_OPERATION_IN_PROGRESS
   */
  Watched watch(UUID host, String patch, Ref<PoolPatch> ref) {
    Run run = files.run(host, patch);
    boolean first = watched.add(run.folder());
    if (!first || patching().state(host, run.folder()) instanceof Running) {
      if (first) {
        watched.remove(run.folder());
      }
      throw busy(ref);
    }
    return new Watched(run);
  }

  static ApiError busy(Ref<PoolPatch> patch) {
    return ApiErrors.otherOperationInProgress(
        "pool_patch", patch.text(), "apply", Ref.none().text());
  }

  /** Whether a call of this process works on the patch on any host. */
  boolean isWatched(String patch) {
    return watched.stream().anyMatch(folder -> folder.toString().endsWith(patch));
  }

  /**
   * Settles a run that nobody waits for, if it is over.
   *
   * @return whether it is
   */
  boolean settle(Run run) throws IOException {
    return switch (patching().state(run.host(), run.folder())) {
      case Running() -> false;
      case Over over -> {
        settle(run, over);
        yield true;
      }
    };
  }

  /** Waits until a run is over, and settles it. */
  void settleAtItsEnd(Run run) throws IOException {
    settle(run, patching().await(run.host(), run.folder()));
  }

  private void settle(Run run, Over over) throws IOException {
    switch (over) {
      case Ended(int exit, String _) -> {
        LOG.info("patch {} has ended with {} while nobody waited", run.patch(), exit);
        if (exit == 0) {
          Instant when = Files.getLastModifiedTime(run.folder().resolve("result")).toInstant();
          resources.store().change(tx -> applied(tx, run, when));
        }
      }
      case Lost() -> LOG.warn("patch {} was interrupted; it is not in force", run.patch());
    }
    DurableFiles.removeTree(run.folder());
  }

  private static void applied(Transaction tx, Run run, Instant when) {
    Optional<Ref<PoolPatch>> patch = tx.table(ApiModel.POOL_PATCH).byUuid(run.patch());
    Optional<Ref<Host>> host = tx.table(ApiModel.HOST).byUuid(run.host().toString());
    if (patch.isPresent() && host.isPresent()) {
      applied(tx, patch.get(), host.get(), when);
    }
  }

  /** Writes that a patch is in force on a host. */
  static void applied(Transaction tx, Ref<PoolPatch> ref, Ref<Host> host, Instant when) {
    if (PatchRules.isApplied(tx, ref, host)) {
      return;
    }
    PoolPatch patch = tx.get(ApiModel.POOL_PATCH, ref);
    tx.create(
        ApiModel.HOST_PATCH,
        HostPatch.builder()
            .uuid(UUID.randomUUID().toString())
            .nameLabel(patch.nameLabel())
            .nameDescription(patch.nameDescription())
            .version(patch.version())
            .size(patch.size())
            .host(host)
            .poolPatch(ref)
            .applied(true)
            .timestampApplied(when.truncatedTo(ChronoUnit.SECONDS))
            .build());
  }

  /** The files of patches that records name, for a sweep of the rest. */
  Set<String> named() {
    return resources
        .store()
        .snapshot()
        .rows(ApiModel.POOL_PATCH)
        .map(Row::record)
        .map(PoolPatch::uuid)
        .collect(Collectors.toSet());
  }

  private Patching patching() {
    return resources.drivers().machine().patching();
  }
}
