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
import io.keelson.control.rules.Named;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;

/** Disks that clients send and fetch one at a time. */
public final class RawVdis {
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

  /**
   * Sends what a disk holds.
   *
   * @param base a disk of the same repository, what differs from which is sent alone
   * @throws io.keelson.api.ApiError VALUE_NOT_SUPPORTED, VDI_TOO_LARGE, VDI_IN_USE and more
   */
  public void download(
      Call call, Ref<Vdi> vdi, Optional<Ref<Vdi>> base, VdiFormat format, Download download) {
    SentVdi.Reply reply = new SentVdi.Reply(format, download, parts.resources().clock());
    parts.run(call, new ExportVdi(parts.drivers(), vdi, base, reply));
  }

  /**
   * The uuid of a disk that is named by reference or uuid.
   *
   * @throws io.keelson.api.ApiError HANDLE_INVALID, UUID_INVALID
   */
  public UUID volume(String name) {
    return Volumes.id(parts.resources().store().snapshot().get(ApiModel.VDI, vdi(name)));
  }

  /** Writes an upload onto a disk that is there. */
  public Ref<Vdi> upload(Call call, Ref<Vdi> vdi, VdiUpload upload) {
    ImportVdi steps = new ImportVdi(parts.drivers(), vdi, upload);
    return parts.make(call, steps, _ -> vdi);
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
    return parts.make(call, steps, MadeVdi::vdi);
  }

  /**
   * A disk by reference or uuid.
   *
   * @throws io.keelson.api.ApiError HANDLE_INVALID, UUID_INVALID
   */
  public Ref<Vdi> vdi(String name) {
    return Named.find(parts.resources().store().snapshot(), ApiModel.VDI, name);
  }

  /**
   * A repository by reference or uuid.
   *
   * @throws io.keelson.api.ApiError HANDLE_INVALID, UUID_INVALID
   */
  public Ref<Sr> sr(String name) {
    return Named.find(parts.resources().store().snapshot(), ApiModel.SR, name);
  }
}
