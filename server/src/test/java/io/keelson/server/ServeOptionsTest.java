package io.keelson.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.control.network.Uplinks;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServeOptionsTest {

  private static ServeOptions parse(String line) {
    return ServeOptions.parse(List.of(line.split(" ")));
  }

  @Test
  void all_options_are_understood() {
    ServeOptions options =
        parse(
            "--data /d --listen 127.0.0.1:1 --tls-listen [::1]:2 --driver sim --hosts 3"
                + " --hostname-command hostname");
    assertThat(options.data()).isEqualTo(Path.of("/d"));
    assertThat(options.listen().getPort()).isEqualTo(1);
    assertThat(options.tlsListen().orElseThrow().getAddress().getHostAddress()).contains(":");
    assertThat(options.driver()).isEqualTo(ServeOptions.Driver.SIM);
    assertThat(options.hosts()).isEqualTo(3);
    assertThat(options.hostnameCommand()).contains("hostname");
  }

  @Test
  void qemu_without_tls_is_what_is_meant_when_nothing_is_said() {
    ServeOptions options = parse("--data /d --listen 127.0.0.1:1");
    assertThat(options.driver()).isEqualTo(ServeOptions.Driver.QEMU);
    assertThat(options.tlsListen()).isEmpty();
    assertThat(options.metricsLogin()).isTrue();
    assertThat(parse("--data /d --listen 127.0.0.1:1 --metrics-login no").metricsLogin()).isFalse();
    assertThat(parse("--data /d --listen 127.0.0.1:1 --tls-listen none").tlsListen()).isEmpty();
    assertThat(options.uplinks()).isEqualTo(Uplinks.NONE);
  }

  @Test
  void the_socket_is_in_the_data_folder_unless_it_is_named_or_not_wanted() {
    assertThat(parse("--data /d --listen 127.0.0.1:1").socket())
        .contains(Path.of("/d/run/server.sock"));
    assertThat(parse("--data /d --listen 127.0.0.1:1 --socket none").socket()).isEmpty();
    assertThat(parse("--data /%s --listen 127.0.0.1:1".formatted("d".repeat(100))).socket())
        .isEmpty();
    ServeOptions options = parse("--data /d --listen 127.0.0.1:1 --socket /s --socket-group adm");
    assertThat(options.socket()).contains(Path.of("/s"));
    assertThat(options.socketGroup()).contains("adm");
  }

  @Test
  void uplinks_are_all_none_or_named() {
    assertThat(uplinks("all").has("eth7")).isTrue();
    assertThat(uplinks("none").has("eth0")).isFalse();
    assertThat(uplinks("eth0,eth1").has("eth1")).isTrue();
    assertThat(uplinks("eth0,eth1").has("eth2")).isFalse();
  }

  private static Uplinks uplinks(String names) {
    return parse("--data /d --listen 127.0.0.1:1 --uplinks " + names).uplinks();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--data /d",
        "--listen 127.0.0.1:1",
        "--data /d --listen 127.0.0.1",
        "--data /d --listen 127.0.0.1:70000",
        "--data /d --listen 127.0.0.1:x",
        "--data /d --listen :1",
        "--data /d --listen 127.0.0.1:1 --driver xen",
        "--data /d --listen 127.0.0.1:1 --hosts 2",
        "--data /d --listen 127.0.0.1:1 --driver sim --hosts 0",
        "--data /d --listen 127.0.0.1:1 --metrics-login maybe",
        "--data /d --listen 127.0.0.1:1 --what",
        "--data /d --listen"
      })
  void what_cannot_be_understood_is_said(String line) {
    assertThatThrownBy(() -> parse(line)).isInstanceOf(UsageError.class);
  }
}
