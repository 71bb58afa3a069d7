package io.keelson.control.backup;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.control.Sha256;
import io.keelson.control.backup.BackupManifest.Entry;
import io.keelson.image.ImageException;
import io.keelson.image.tar.TarEntry;
import io.keelson.image.tar.TarReader;
import io.keelson.store.Derivation;
import io.keelson.store.JournaledStore;
import io.keelson.store.Snapshot;
import io.keelson.store.StoreConfig;
import io.keelson.store.StoreCopy;
import io.keelson.store.StoreException;
import io.keelson.store.codec.DurableFiles;
import io.keelson.store.journal.StoreSeed;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Checks an archive to its end and lays out what it holds beside the data in use. Only when all of
 * it is whole does it get the name under which the next start takes it.
 *
 * @param data folder of the server
 * @param derivation that the store is opened with
 * @param trust whose archives are believed
 */
record StagedRestore(Path data, Derivation derivation, BackupKey.Trust trust) {
  private static final int CHUNK = 1 << 16;

  /** Numbers of changes that are left out, so that clients cannot know one that comes again. */
  private static final long JUMP = 1L << 32;

  /** What there has to be beside the files, for the store that is made of the objects. */
  private static final long ROOM = 64L << 20;

  /**
   * What the caller wants of an archive.
   *
   * @param manifest is told first
   * @param objects are told before they become a store
   * @param known the newest change that clients may know
   */
  record Demands(Consumer<BackupManifest> manifest, Consumer<Snapshot> objects, long known) {}

  /**
   * @throws ApiError RESTORE_INCOMPATIBLE_VERSION, RESTORE_SCRIPT_FAILED, OUT_OF_SPACE, and what
   *     the caller's demands raise; nothing has changed then
   */
  void stage(InputStream in, Demands demands) throws IOException {
    Path partial = data.resolve(PendingRestore.PARTIAL);
    DurableFiles.removeTree(partial);
    try {
      Files.createDirectory(
          partial,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      unpack(new TarReader(in), partial, demands);
      makeStore(partial, demands);
      DurableFiles.syncTree(partial);
      PendingRestore.replace(data);
    } catch (ImageException e) {
      throw BackupManifest.refused(e.flaw().why());
    } finally {
      DurableFiles.removeTree(partial);
    }
  }

  private void unpack(TarReader archive, Path partial, Demands demands) throws IOException {
    Optional<TarEntry> first = archive.next();
    if (first.filter(f -> f.name().equals(BackupManifest.NAME)).isEmpty()) {
      throw BackupManifest.refused("the archive is no backup of a host");
    }
    BackupManifest manifest =
        BackupManifest.read(archive.contents(BackupManifest.MOST_BYTES), trust);
    demands.manifest().accept(manifest);
    if (manifest.size() + ROOM > Files.getFileStore(data).getUsableSpace()) {
      throw ApiErrors.outOfSpace(data.toString());
    }
    for (BackupParts.Folder folder : BackupParts.FOLDERS) {
      if (folder.whole()) {
        Files.createDirectories(partial.resolve(folder.name()));
      }
    }
    for (Entry entry : manifest.entries()) {
      unpack(archive, entry, partial.resolve(entry.path()));
    }
    if (archive.next().isPresent()) {
      throw BackupManifest.refused("the archive holds more than it lists");
    }
  }

  private static void unpack(TarReader archive, Entry entry, Path file) throws IOException {
    TarEntry found =
        archive.next().orElseThrow(() -> BackupManifest.refused(entry.path() + " is missing"));
    if (!found.equals(new TarEntry(entry.member(), entry.size()))) {
      throw BackupManifest.refused("expected %s, found %s".formatted(entry, found));
    }
    MessageDigest digest = Sha256.digest();
    Path folder = file.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    byte[] chunk = new byte[CHUNK];
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int count = archive.part(chunk); count > 0; count = archive.part(chunk)) {
        digest.update(chunk, 0, count);
        out.write(chunk, 0, count);
      }
    }
    if (!BackupManifest.same(Sha256.hex(digest.digest()), entry.sha256())) {
      throw BackupManifest.refused(entry.path() + " is damaged: its checksum does not match");
    }
  }

  /** Makes a store of the objects, and opens it as the next start will. */
  private void makeStore(Path partial, Demands demands) throws IOException {
    Path objects = partial.resolve(BackupParts.OBJECTS);
    try {
      Snapshot state = StoreCopy.read(objects);
      demands.objects().accept(state);
      Path store = Files.createDirectory(partial.resolve(BackupParts.STORE));
      StoreSeed.write(state, Math.max(state.generation(), demands.known()) + JUMP, store);
      JournaledStore.open(new StoreConfig(store, derivation)).close();
    } catch (StoreException e) {
      throw BackupManifest.refused(String.valueOf(e.getMessage()));
    }
    Files.delete(objects);
  }
}
