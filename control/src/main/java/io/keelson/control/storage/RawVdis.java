package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiFields;
import io.keelson.api.model.VdiType;
import io.keelson.control.Resources;
import io.keelson.store.Snapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Disks that clients send and fetch one at a time. */
public final class RawVdis {
  private static final String REFERENCE = "OpaqueRef:";

  private final StorageParts parts;
  private final Path scratch;

  /**
   * @param scratch folder for images that have to be whole before they can be read; what an earlier
   *     run left there is removed
   */
  public RawVdis(Resources resources, Path scratch) {
    this.parts = StorageParts.of(resources);
    this.scratch = scratch;
    try {
      Files.createDirectories(scratch);
      try (Stream<Path> left = Files.list(scratch)) {
        for (Path file : left.toList()) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where downloads go. */
  @FunctionalInterface
  public interface Download {
    /** Begins; nothing can be told of a failure afterwards but by the task. */
    OutputStream begin(String contentType, String fileName, OptionalLong length);
  }

  /** Folder for images that have to be whole before they can be read. */
  public Path scratch() {
    return scratch;
  }

  /** Sends what a disk holds. */
  public void download(Call call, Ref<Vdi> vdi, VdiFormat format, Download download) {
    ExportVdi steps = new ExportVdi(parts.drivers(), vdi, format, download);
    parts.turns().run(call, () -> parts.resources().operations().run(call, steps));
  }

  /** Writes an upload onto a disk that is there. */
  public Ref<Vdi> upload(Call call, Ref<Vdi> vdi, VdiUpload upload) {
    ImportVdi steps = new ImportVdi(parts.drivers(), vdi, upload);
    return parts
        .turns()
        .take(
            call,
            () ->
                parts
                    .resources()
                    .operations()
                    .run(call, VdiProvisioningHandler.VDI, steps, _ -> vdi));
  }

  /** Makes a disk of an upload whose length is the disk's size. */
  public Ref<Vdi> uploadNew(Call call, Ref<Sr> sr, VdiUpload upload) {
    if (upload.format() != VdiFormat.RAW || upload.frames()) {
      throw ApiErrors.importError("Only a raw image can become a new VDI; make the VDI before");
    }
    if (upload.length().isEmpty()) {
      throw ApiErrors.importError("Without a length it is not known how large a VDI to make");
    }
    Vdi wanted =
        VdiFields.API_CLASS
            .blank()
            .with(b ->
                b.nameLabel("Imported VDI")
                    .sr(sr)
                    .type(VdiType.USER)
                    .virtualSize(upload.length().getAsLong()));
    ImportNewVdi steps =
        new ImportNewVdi(parts.drivers(), new CreateVdi(parts.drivers(), wanted), upload);
    return parts
        .turns()
        .take(
            call,
            () ->
                parts
                    .resources()
                    .operations()
                    .run(call, VdiProvisioningHandler.VDI, steps, MadeVdi::vdi));
  }

  /**
   * A disk by reference or uuid.
   *
   * @throws io.keelson.api.ApiError HANDLE_INVALID, UUID_INVALID
   */
  public Ref<Vdi> vdi(String name) {
    Snapshot state = parts.resources().store().snapshot();
    if (name.startsWith(REFERENCE)) {
      Ref<Vdi> ref = Ref.of(name);
      Vdi _ = state.get(ApiModel.VDI, ref);
      return ref;
    }
    return state
        .table(ApiModel.VDI)
        .byUuid(name)
        .orElseThrow(() -> ApiErrors.uuidInvalid("VDI", name));
  }

  /**
   * A repository by reference or uuid.
   *
   * @throws io.keelson.api.ApiError HANDLE_INVALID, UUID_INVALID
   */
  public Ref<Sr> sr(String name) {
    Snapshot state = parts.resources().store().snapshot();
    if (name.startsWith(REFERENCE)) {
      Ref<Sr> ref = Ref.of(name);
      Sr _ = state.get(ApiModel.SR, ref);
      return ref;
    }
    return state
        .table(ApiModel.SR)
        .byUuid(name)
        .orElseThrow(() -> ApiErrors.uuidInvalid("SR", name));
  }
}
