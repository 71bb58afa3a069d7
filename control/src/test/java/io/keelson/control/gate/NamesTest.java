package io.keelson.control.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.control.TestControl;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The names on the wire against the list of them, each with its number of parameters. */
class NamesTest {
  @TempDir Path folder;

  @Test
  void areAllThereAndNoOthers() throws IOException {
    Map<String, Integer> expected = new TreeMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    TestControl.class.getResourceAsStream("/io/keelson/control/names.txt")),
                StandardCharsets.UTF_8))) {
      lines.lines().map(l -> l.split(" ")).forEach(l -> expected.put(l[0], Integer.parseInt(l[1])));
    }
    try (TestControl control = new TestControl(folder)) {
      Map<String, Integer> there = new TreeMap<>();
      control
          .control
          .routes()
          .all()
          .forEach(r -> there.put(r.spec().wireName(), r.spec().parameters().size()));
      assertThat(there).hasSize(1431).isEqualTo(expected);
      assertThat(control.answer("system.listMethods")).isEqualTo(List.copyOf(expected.keySet()));
    }
  }
}
