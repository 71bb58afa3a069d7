package io.keelson.control.protection;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmppSettings;
import io.keelson.api.model.Vm;
import io.keelson.control.exchange.ExportOptions;
import io.keelson.control.exchange.VmExchange;
import io.keelson.control.operation.PartCall;
import io.keelson.image.Compressed;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * A snapshot as a file: {@code VM-UUID/TIME.xva}. It has its name once all of it is there.
 *
 * @param exchange writes VMs as archives
 */
record ArchiveFile(Store store, VmExchange exchange) {
  private static final int CHUNK = 1 << 20;
  private static final int LONGEST_NAME = 60;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /**
   * Writes the file.
   *
   * @param root of the place for archives
   * @return whether it was not there before
   */
  boolean write(Call call, Ref<Vm> snapshot, Path root) {
    Snapshot state = store.snapshot();
    Path file = file(state, snapshot, root);
    try {
      if (Files.exists(file)) {
        return false;
      }
      Files.createDirectories(file.getParent());
      Path unfinished = file.resolveSibling(file.getFileName() + ".part");
      try {
        export(call, snapshot, unfinished);
        Files.move(unfinished, file);
      } catch (IOException | RuntimeException e) {
        Files.deleteIfExists(unfinished);
        throw e;
      }
      return true;
    } catch (IOException | UncheckedIOException e) {
      throw ApiErrors.internalError(List.of("the archive cannot be written: " + e.getMessage()));
    }
  }

  private void export(Call call, Ref<Vm> snapshot, Path unfinished) throws IOException {
    exchange.export(
        new PartCall(call, VmppSettings.Specs.ARCHIVE_NOW),
        snapshot,
        new ExportOptions(false, false),
        Compressed.PLAIN,
        () -> open(unfinished));
    if (unfinished.getFileSystem().equals(FileSystems.getDefault())) {
      try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
  }

  private static OutputStream open(Path file) {
    try {
      return new BufferedOutputStream(Files.newOutputStream(file), CHUNK);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path file(Snapshot state, Ref<Vm> snapshot, Path root) {
    Vm record = state.get(ApiModel.VM, snapshot);
    Vm vm = state.find(ApiModel.VM, record.snapshotOf()).orElse(record);
    String name = vm.nameLabel().replaceAll("[^\\p{IsAlphabetic}0-9._ -]", "_");
    String folder =
        name.substring(0, Math.min(LONGEST_NAME, name.length())).strip() + "-" + vm.uuid();
    return root.resolve(folder.startsWith(".") ? "_" + folder : folder)
        .resolve(TIME.format(record.snapshotTime()) + ".xva");
  }
}
