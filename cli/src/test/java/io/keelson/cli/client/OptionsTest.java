package io.keelson.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptionsTest {
  @TempDir private Path home;

  private Options read(String line, String extra) throws IOException {
    return Options.read(
        List.of(line.split(" ")), Map.of("HOME", home.toString(), "XE_EXTRA_ARGS", extra));
  }

  @Test
  void theCommandLineCountsMoreThanTheEnvironmentAndThatMoreThanTheFile() throws IOException {
    Files.writeString(
        home.resolve(".xe"), "# mine\nserver=file\nport=1\nusername=filed\n\nparams=all\n");
    Options options = read("vm-list -s line a=b", "port=2,server=extra,c=d");
    assertThat(options.server()).contains("line");
    assertThat(options.port()).contains(2);
    assertThat(options.user()).contains("filed");
    assertThat(options.words()).containsExactly("vm-list", "a=b", "c=d", "params=all");
  }

  @Test
  void optionsStandAnywhereAndInEitherForm() throws IOException {
    Options options = read("-u me vm-list --nossl password=x=y -h there --debug port=7", "");
    assertThat(options.server()).contains("there");
    assertThat(options.user()).contains("me");
    assertThat(options.password()).contains("x=y");
    assertThat(options.port()).contains(7);
    assertThat(options.plain()).isTrue();
    assertThat(options.debug()).isTrue();
    assertThat(options.words()).containsExactly("vm-list");
    assertThat(options.toString()).doesNotContain("x=y");
    assertThat(read("vm-list -s a -s b", "").server()).contains("b");
    assertThat(read("vm-list -s", "").words()).containsExactly("vm-list", "-s");
  }

  @Test
  void aPasswordWithoutANameIsRoots() throws IOException {
    assertThat(read("x -pw p", "").user()).contains("root");
    assertThat(read("x", "").user()).isEmpty();
    Path file = Files.writeString(home.resolve("pwf"), "admin\nsecret\n");
    Options options = read("x -pwf " + file, "");
    assertThat(options.user()).contains("admin");
    assertThat(options.password()).contains("secret");
    Files.writeString(file, "admin");
    assertThatThrownBy(() -> read("x -pwf " + file, ""))
        .hasMessageContaining("password file format");
    assertThatThrownBy(() -> read("x -pwf /nonexistent", ""))
        .hasMessage("Error opening password file '/nonexistent'\n");
  }

  @Test
  void whatMakesNoSenseIsSaid() throws IOException {
    for (String port : List.of("x", "-1", "65536")) {
      assertThatThrownBy(() -> read("x -p " + port, ""))
          .hasMessage("Port number must be an integer (0-65535)\n");
    }
    Files.writeString(home.resolve(".xe"), "nonsense\n");
    assertThatThrownBy(() -> read("x", "")).hasMessageContaining("without '=': nonsense");
  }

  @Test
  void fingerprintsAreReadInEveryForm() throws IOException {
    String digits = "ab".repeat(32);
    String pairs = "AB" + ":AB".repeat(31);
    for (String given : List.of(digits, pairs, "SHA256:" + digits, "sha256:" + pairs)) {
      assertThat(Fingerprint.parse(given).text()).isEqualTo(pairs);
    }
    assertThatThrownBy(() -> Fingerprint.parse("abc")).hasMessageContaining("64 hexadecimal");
  }
}
