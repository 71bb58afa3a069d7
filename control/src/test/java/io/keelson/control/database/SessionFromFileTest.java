package io.keelson.control.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.AccessRole;
import io.keelson.control.TestControl;
import io.keelson.image.Extent;
import io.keelson.image.SparseSource;
import io.keelson.image.SparseTarget;
import io.keelson.image.database.DatabaseDisk;
import io.keelson.image.raw.FileDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looking around in a copy of a database that lies in a file. */
class SessionFromFileTest {
  private static final String CREATE = "session.create_from_db_file";

  @TempDir Path folder;
  private TestControl control;

  @BeforeEach
  void open() {
    control = new TestControl(folder.resolve("data"));
  }

  @AfterEach
  void close() {
    control.close();
  }

  /** A disk that is a file, to be read and to be written. */
  private record Disk(FileDisk source) implements SparseSource, SparseTarget {
    @Override
    public long size() {
      return source.size();
    }

    @Override
    public Optional<Extent> next(long offset) {
      return source.next(offset);
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
      source.read(offset, into);
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
      long at = offset;
      while (from.hasRemaining()) {
        at += source.file().write(from, at);
      }
    }

    @Override
    public void zero(long offset, long length) throws IOException {
      write(offset, ByteBuffer.allocate(Math.toIntExact(length)));
    }

    @Override
    public void flush() throws IOException {
      source.file().force(false);
    }

    @Override
    public void close() throws IOException {
      source.close();
    }
  }

  private Path disk() throws IOException {
    Path copy = folder.resolve("copy");
    DatabaseFile.write(control.store.snapshot(), copy);
    Path file = folder.resolve("disk.raw");
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    int _ = channel.write(ByteBuffer.allocate(1), DatabaseDisk.SIZE - 1);
    try (InputStream in = Files.newInputStream(copy);
        Disk disk = new Disk(new FileDisk(channel, DatabaseDisk.SIZE))) {
      DatabaseDisk.write(disk, UUID.randomUUID(), control.clock.instant(), in);
    }
    return file;
  }

  private List<String> error(String method, String... arguments) {
    return TestControl.error(control.call(method, arguments));
  }

  @Test
  void showsWhatWasThereThenAndChangesNothing() throws IOException {
    String vm = control.vm("then").text();
    Path file = disk();
    String root = control.session();
    control.answer("VM.set_name_label", root, vm, "now");
    String shown = control.answer(CREATE, root, file.toString()).toString();
    assertThat(control.answer("VM.get_name_label", shown, vm)).isEqualTo("then");
    assertThat(control.answer("VM.get_name_label", root, vm)).isEqualTo("now");
    assertThat(error("VM.set_name_label", shown, vm, "else")).startsWith("OPERATION_NOT_ALLOWED");
    assertThat(error("session.logout", shown)).isEmpty();
    assertThat(error("VM.get_name_label", shown, vm)).startsWith("SESSION_INVALID");
  }

  @Test
  void whatHoldsNoDatabase() throws IOException {
    String root = control.session();
    Path text = Files.writeString(folder.resolve("text"), "no database");
    for (String name :
        List.of(text.toString(), folder.toString(), "relative", "", "/no/such/file")) {
      assertThat(error(CREATE, root, name)).as(name).startsWith("COULD_NOT_IMPORT_DATABASE");
    }
    Path damaged = disk();
    try (FileChannel channel = FileChannel.open(damaged, StandardOpenOption.WRITE)) {
      int _ = channel.write(ByteBuffer.allocate(4096), 0);
    }
    assertThat(error(CREATE, root, damaged.toString())).startsWith("COULD_NOT_IMPORT_DATABASE");
  }

  @Test
  void isForTheSuperuserAlone() throws IOException {
    assertThat(error(CREATE, control.session(AccessRole.POOL_ADMIN), disk().toString()))
        .startsWith("RBAC_PERMISSION_DENIED");
  }
}
