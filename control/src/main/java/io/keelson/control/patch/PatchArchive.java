package io.keelson.control.patch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.image.ImageException;
import io.keelson.image.tar.TarEntry;
import io.keelson.image.tar.TarReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A patch as it is uploaded: a tar of two files, {@code signature} and {@code content.tar}. The
 * former signs the latter, whose files are {@code manifest}, which comes first, {@code apply},
 * perhaps {@code precheck}, and what these need.
 */
final class PatchArchive {
  static final String APPLY = "apply";
  static final String PRECHECK = "precheck";

  private static final String SIGNATURE = "signature";
  private static final String CONTENT = "content.tar";
  private static final String MANIFEST = "manifest";
  private static final int LONGEST_SIGNATURE = 4096;
  private static final int LONGEST_MANIFEST = 1 << 16;
  private static final int CHUNK = 1 << 16;

  private PatchArchive() {}

  /**
   * Writes down what is signed, once it has been found that one of those who are believed has
   * signed the very bytes that were written.
   *
   * @param content a file that is there, and nobody else's to write
   * @throws ApiError INVALID_PATCH
   */
  static void verify(Path patch, PatchKeys keys, Path content) throws IOException {
    List<Signature> checks = keys.checks();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(patch))) {
      TarReader tar = new TarReader(in);
      next(tar, SIGNATURE);
      byte[] signature = tar.contents(LONGEST_SIGNATURE);
      TarEntry entry = next(tar, CONTENT);
      copy(tar, entry.size(), content, checks);
      if (tar.next().isPresent() || !isSigned(checks, signature)) {
        throw ApiErrors.invalidPatch();
      }
    } catch (ImageException | GeneralSecurityException _) {
      throw ApiErrors.invalidPatch();
    }
  }

  /**
   * What verified content says of itself; all of it is looked through.
   *
   * @throws ApiError INVALID_PATCH_WITH_LOG
   */
  static PatchManifest manifest(Path content) throws IOException {
    return read(content, Optional.empty());
  }

  /**
   * Unpacks verified content into an empty folder.
   *
   * @throws ApiError INVALID_PATCH_WITH_LOG
   */
  static PatchManifest unpack(Path content, Path folder) throws IOException {
    return read(content, Optional.of(folder));
  }

  private static PatchManifest read(Path content, Optional<Path> folder) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(content))) {
      TarReader tar = new TarReader(in);
      next(tar, MANIFEST);
      PatchManifest manifest =
          PatchManifest.parse(new String(tar.contents(LONGEST_MANIFEST), UTF_8));
      Set<String> names = new HashSet<>(Set.of(MANIFEST));
      for (var entry = tar.next(); entry.isPresent(); entry = tar.next()) {
        String name = entry.get().name();
        if (!names.add(name)) {
          throw PatchManifest.invalid("the archive has a file twice");
        }
        copy(tar, entry.get(), folder);
      }
      if (!names.contains(APPLY)) {
        throw PatchManifest.invalid("the archive has no program apply");
      }
      return manifest;
    } catch (ImageException e) {
      throw PatchManifest.invalid(String.valueOf(e.getMessage()));
    }
  }

  private static TarEntry next(TarReader tar, String name) throws IOException {
    return tar.next()
        .filter(entry -> entry.name().equals(name))
        .orElseThrow(() -> ImageException.malformed("there is no " + name + " where it should be"));
  }

  /** The reader has refused names that do not stay below the folder. */
  private static void copy(TarReader tar, TarEntry entry, Optional<Path> folder)
      throws IOException {
    Path target = folder.map(f -> f.resolve(entry.name())).orElse(Path.of("/dev/null"));
    if (folder.isPresent()) {
      boolean program = entry.name().equals(APPLY) || entry.name().equals(PRECHECK);
      Files.createDirectories(target.getParent());
      Files.createFile(
          target,
          PosixFilePermissions.asFileAttribute(
              PosixFilePermissions.fromString(program ? "rwx------" : "rw-------")));
    }
    try {
      copy(tar, entry.size(), target, List.of());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("nothing is checked here", e);
    }
  }

  private static void copy(TarReader tar, long size, Path target, List<Signature> checks)
      throws IOException, GeneralSecurityException {
    try (OutputStream out = Files.newOutputStream(target, StandardOpenOption.WRITE)) {
      byte[] chunk = new byte[CHUNK];
      for (long left = size; left > 0; ) {
        int count = tar.part(chunk);
        out.write(chunk, 0, count);
        for (Signature check : checks) {
          check.update(chunk, 0, count);
        }
        left -= count;
      }
    }
  }

  private static boolean isSigned(List<Signature> checks, byte[] signature) {
    boolean signed = false;
    for (Signature check : checks) {
      try {
        signed |= check.verify(signature);
      } catch (GeneralSecurityException _) {
        // A signature of another kind of key: another of those who are believed may have made it.
      }
    }
    return signed;
  }
}
