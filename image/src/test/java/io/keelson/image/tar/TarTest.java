package io.keelson.image.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.image.ImageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives of plain files, and all the rest that tar can do, which is refused. */
class TarTest {
  @TempDir Path folder;

  @Test
  void tarReadsWhatIsWritten() throws Exception {
    byte[] contents = new byte[1500];
    Arrays.fill(contents, (byte) 7);
    var out = new ByteArrayOutputStream();
    TarWriter writer = new TarWriter(out);
    writer.file("ova.xml", new byte[0]);
    writer.file("Ref:4/00000000", contents);
    writer.end();
    Files.write(folder.resolve("a.tar"), out.toByteArray());
    tar("--force-local", "-xf", "a.tar");
    assertThat(folder.resolve("ova.xml")).isEmptyFile();
    assertThat(folder.resolve("Ref:4/00000000")).hasBinaryContent(contents);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ustar", "v7", "gnu"})
  void whatTarWritesIsRead(String format) throws Exception {
    Files.writeString(folder.resolve("one"), "first");
    Files.writeString(folder.resolve("two"), "");
    tar("--format=" + format, "-cf", "a.tar", "one", "two");
    TarReader reader = reader(Files.readAllBytes(folder.resolve("a.tar")));
    assertThat(reader.next()).contains(new TarEntry("one", 5));
    assertThat(reader.contents(100)).asString().isEqualTo("first");
    assertThat(reader.next()).contains(new TarEntry("two", 0));
    assertThat(reader.next()).isEmpty();
    assertThat(reader.next()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/passwd", "../up", "a/../b", "a//b", "./a", "a b", "a\\b", "", "é"})
  void namesThatAreNoFilesBelow(String name) throws IOException {
    refuses(
        archive(h -> {
          byte[] bytes = Arrays.copyOf(name.getBytes(StandardCharsets.UTF_8), 100);
          System.arraycopy(bytes, 0, h, 0, 100);
        }));
  }

  @ParameterizedTest
  @ValueSource(chars = {'1', '2', '3', '4', '5', '6', '7', 'x', 'g', 'L', 'K', 'S'})
  void everythingThatIsNoFile(char type) throws IOException {
    refuses(archive(h -> h[156] = (byte) type));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-0000000001", "9999999999 ", "           ", "0x100000000"})
  void sizesThatAreNone(String size) throws IOException {
    refuses(
        archive(h -> System.arraycopy(size.getBytes(StandardCharsets.US_ASCII), 0, h, 124, 11)));
  }

  @Test
  void sizesInBinary() throws IOException {
    refuses(archive(h -> Arrays.fill(h, 124, 136, (byte) 0xFF)));
  }

  @Test
  void contentsThatAreTooLarge() throws IOException {
    TarReader reader =
        reader(
            archive(h ->
                System.arraycopy(
                    "77777777777".getBytes(StandardCharsets.US_ASCII), 0, h, 124, 11)));
    assertThat(reader.next()).contains(new TarEntry("name", (1L << 33) - 1));
    assertThatThrownBy(() -> reader.contents(100)).isInstanceOf(ImageException.class);
  }

  @Test
  void anEndWithoutEnd() throws IOException {
    refuses(new byte[4 << 20]);
    byte[] more = new byte[2048];
    more[1500] = 1;
    refuses(more);
    refuses(new byte[0]);
    refuses(new byte[100]);
  }

  private static void refuses(byte[] archive) {
    TarReader reader = reader(archive);
    assertThatThrownBy(reader::next).isInstanceOf(ImageException.class);
  }

  private static TarReader reader(byte[] archive) {
    return new TarReader(new ByteArrayInputStream(archive));
  }

  /** An archive whose first header was tampered with, and its checksum made to fit. */
  private static byte[] archive(Consumer<byte[]> tampering) throws IOException {
    var out = new ByteArrayOutputStream();
    TarWriter writer = new TarWriter(out);
    writer.file("name", new byte[10]);
    writer.end();
    byte[] archive = out.toByteArray();
    tampering.accept(archive);
    Arrays.fill(archive, 148, 156, (byte) ' ');
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += Byte.toUnsignedInt(archive[i]);
    }
    byte[] digits = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, archive, 148, 8);
    return archive;
  }

  private void tar(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = "tar";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Process process = new ProcessBuilder(command).directory(folder.toFile()).inheritIO().start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }
}
