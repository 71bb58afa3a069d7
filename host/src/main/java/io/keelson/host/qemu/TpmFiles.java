package io.keelson.host.qemu;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Tpms;
import io.keelson.host.process.Program;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What TPMs remember, in the form in which swtpm keeps it: a folder {@code DATA/tpm/UUID} each,
 * readable by its owner only. swtpm replaces its file in one step, so that it is whole whenever it
 * is read.
 */
final class TpmFiles implements Tpms {
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final String STATE = "tpm2-00.permall";

  /** swtpm's own header: version, oldest version that reads it, its length, flags, all's length. */
  private static final int HEADER = 10;

  private final Path folders;
  private final QemuSettings settings;
  private volatile boolean found;

  TpmFiles(Path data, QemuSettings settings) {
    this.folders = data.resolve("tpm");
    this.settings = settings;
  }

  /** What was found once is not asked for again. */
  @Override
  public void require() {
    if (found) {
      return;
    }
    List<String> swtpm = List.of(settings.tpm().toString(), "socket", "--print-capabilities");
    if (!Program.run(ANSWER, swtpm).output().contains("tpm-2.0")) {
      throw new DriverException(Reason.UNSUPPORTED, settings.tpm() + " knows no TPM 2.0");
    }
    Program.Outcome qemu =
        Program.run(ANSWER, List.of(settings.program().toString(), "-tpmdev", "help"));
    if (!(qemu.output() + qemu.errors()).contains("emulator")) {
      throw new DriverException(Reason.UNSUPPORTED, "QEMU here is built without TPMs");
    }
    found = true;
  }

  /** The folder in which a TPM remembers, made when it is not there. */
  Path folder(UUID tpm) {
    Path folder = folders.resolve(tpm.toString());
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      return folder;
    } catch (IOException e) {
      throw failed("cannot make folder " + folder, e);
    }
  }

  @Override
  public Set<UUID> all() {
    try (Stream<Path> entries = Files.list(folders)) {
      return entries.flatMap(entry -> tpm(entry).stream()).collect(Collectors.toUnmodifiableSet());
    } catch (NoSuchFileException e) {
      return Set.of();
    } catch (IOException e) {
      throw failed("cannot list " + folders, e);
    }
  }

  private static Optional<UUID> tpm(Path folder) {
    try {
      return Optional.of(UUID.fromString(folder.getFileName().toString()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<byte[]> read(UUID tpm) {
    try {
      return Optional.of(Files.readAllBytes(folders.resolve(tpm.toString()).resolve(STATE)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("cannot read TPM " + tpm, e);
    }
  }

  @Override
  public void write(UUID tpm, byte[] state) {
    check(state);
    Path folder = folder(tpm);
    Path fresh = folder.resolve(STATE + ".new");
    try {
      try (FileChannel file =
          FileChannel.open(
              fresh,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        ByteBuffer bytes = ByteBuffer.wrap(state);
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
        file.force(true);
      }
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
      Files.move(fresh, folder.resolve(STATE), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failed("cannot write TPM " + tpm, e);
    }
  }

  /** Whether swtpm can have written it; what it says inside is for swtpm to judge. */
  private static void check(byte[] state) {
    ByteBuffer head = ByteBuffer.wrap(state);
    boolean right =
        state.length > HEADER
            && state.length <= MOST_BYTES
            && head.getShort(2) == HEADER
            && head.getInt(6) == state.length;
    if (!right) {
      throw new DriverException(Reason.INVALID, "this is not what a TPM remembers");
    }
  }

  @Override
  public void remove(UUID tpm) {
    new RunFolder(folders.resolve(tpm.toString())).delete();
  }

  private static DriverException failed(String what, IOException cause) {
    boolean full = String.valueOf(cause.getMessage()).contains("No space left");
    return new DriverException(full ? Reason.NO_SPACE : Reason.FAILED, what + ": " + cause, cause);
  }
}
