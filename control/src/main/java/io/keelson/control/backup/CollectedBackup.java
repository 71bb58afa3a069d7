package io.keelson.control.backup;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pool;
import io.keelson.control.Sha256;
import io.keelson.control.backup.BackupManifest.Entry;
import io.keelson.image.tar.TarStream;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.StoreCopy;
import io.keelson.store.codec.DurableFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The files of a backup, brought together in a folder where nothing changes them any more. */
final class CollectedBackup implements AutoCloseable {
  private static final String CLAIMS = "current_operations";

  private final Path folder;
  private final TarStream archive;

  private CollectedBackup(Path folder, TarStream archive) {
    this.folder = folder;
    this.archive = archive;
  }

  /**
   * Collects what there is at one moment, though calls go on.
   *
   * @param folder that is made for it and removed when this is closed
   */
  static CollectedBackup of(Store store, Path data, Path folder, String created)
      throws IOException {
    try {
      // Files that objects name are there before the objects are looked at, or come before the
      // second time: what is removed in between was kept the first time.
      collect(data, folder);
      Snapshot state = store.snapshot();
      collect(data, folder);
      StoreCopy.write(state, CollectedBackup::chosen, folder.resolve(BackupParts.OBJECTS));
      return new CollectedBackup(folder, archive(state, data, folder, created));
    } catch (IOException | RuntimeException e) {
      DurableFiles.removeTree(folder);
      throw e;
    }
  }

  private static void collect(Path data, Path folder) throws IOException {
    for (BackupParts.Folder part : BackupParts.FOLDERS) {
      Path place = Files.createDirectories(folder.resolve(part.name()));
      for (Path file : BackupParts.files(data, part)) {
        keep(file, place.resolve(file.getFileName()), part.lasting());
      }
    }
    keep(data.resolve(BackupParts.ROOT_PASSWORD), folder.resolve(BackupParts.ROOT_PASSWORD), false);
  }

  private static void keep(Path file, Path kept, boolean lasting) throws IOException {
    try {
      if (!lasting) {
        Files.copy(file, kept, StandardCopyOption.REPLACE_EXISTING);
      } else if (!Files.exists(kept)) {
        link(file, kept);
      }
    } catch (NoSuchFileException | FileAlreadyExistsException _) {
      // it was removed at this moment, or is kept already
    }
  }

  private static void link(Path file, Path kept) throws IOException {
    try {
      Files.createLink(kept, file);
    } catch (NoSuchFileException | FileAlreadyExistsException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException _) {
      Files.copy(file, kept); // a file system without links
    }
  }

  /**
   * Sessions and tasks are of one run of the server, and so is what they are about. HA is turned on
   * again by who restores: its disks may be in the hands of others by then.
   */
  @SuppressWarnings("unchecked") // a record becomes one of the same class
  private static <R extends ApiRecord> Optional<R> chosen(ApiClass<R> apiClass, R record) {
    if (apiClass == ApiModel.SESSION || apiClass == ApiModel.TASK) {
      return Optional.empty();
    }
    R calm =
        (R)
            switch ((ApiRecord) record) {
              case Pool pool ->
                  pool.with(b ->
                      b.haEnabled(false)
                          .haConfiguration(Map.of())
                          .haClusterStack("")
                          .haStatefiles(List.of()));
              case Host host -> host.with(b -> b.haStatefiles(List.of()).haNetworkPeers(List.of()));
              case ApiRecord other -> other;
            };
    return Optional.of(apiClass.field(CLAIMS).map(f -> cleared(f, calm)).orElse(calm));
  }

  private static <R extends ApiRecord, T> R cleared(Field<R, T> field, R record) {
    return field.with(record, field.type().zero());
  }

  private static TarStream archive(Snapshot state, Path data, Path folder, String created)
      throws IOException {
    List<Entry> entries = new ArrayList<>();
    List<TarStream.Part> parts = new ArrayList<>();
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path file : tree.filter(Files::isRegularFile).sorted().toList()) {
        String path = folder.relativize(file).toString();
        Entry entry = new Entry(path, Files.size(file), Sha256.of(file));
        entries.add(entry);
        parts.add(new TarStream.Part(entry.member(), entry.size(), () -> open(file)));
      }
    }
    byte[] manifest =
        new BackupManifest(HostBackup.host(state), HostBackup.pool(state), created, entries)
            .bytes(BackupKey.of(data));
    parts.addFirst(
        new TarStream.Part(
            BackupManifest.NAME, manifest.length, () -> new ByteArrayInputStream(manifest)));
    return TarStream.of(parts);
  }

  private static InputStream open(Path file) {
    try {
      return Files.newInputStream(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long length() {
    return archive.length();
  }

  InputStream open() {
    return archive.open();
  }

  @Override
  public void close() throws IOException {
    DurableFiles.removeTree(folder);
  }
}
