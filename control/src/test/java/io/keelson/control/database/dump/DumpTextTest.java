package io.keelson.control.database.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.api.Type;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Values as texts and back. */
class DumpTextTest {
  private static final Type<List<String>> TEXTS = new Type.ListOf<>(new Type.Text());
  private static final Type<Map<String, Long>> NUMBERS =
      new Type.MapOf<>(new Type.Text(), new Type.Whole());
  private static final Type<Boolean> FLAG = new Type.Flag();

  @Property
  void listsComeBackAsTheyWere(@ForAll @Size(max = 5) List<String> texts) {
    assertThat(back(TEXTS, texts)).isEqualTo(texts);
  }

  @Property
  void mapsComeBackAsTheyWere(@ForAll @Size(max = 5) Map<String, Long> numbers) {
    assertThat(back(NUMBERS, numbers)).isEqualTo(numbers);
  }

  @Property
  void textsComeBackAsTheyWere(@ForAll String text, @ForAll boolean flag) {
    assertThat(back(new Type.Text(), text)).isEqualTo(text);
    assertThat(back(FLAG, flag)).isEqualTo(flag);
  }

  @Test
  void looksAsClientsKnowIt() {
    assertThat(DumpText.text(TEXTS, List.of("a", "it's", "\\"))).isEqualTo("('a' 'it\\'s' '\\\\')");
    assertThat(DumpText.text(TEXTS, List.of())).isEqualTo("()");
    assertThat(DumpText.text(NUMBERS, Map.of("k", 3L))).isEqualTo("(('k' '3'))");
    assertThat(DumpColumns.column("name_label")).isEqualTo("name__label");
    assertThat(DumpColumns.column("actions_after_crash")).isEqualTo("actions__after_crash");
    assertThat(DumpColumns.column("power_state")).isEqualTo("power_state");
  }

  @Test
  void whatMeansNothingIsRefused() {
    for (String bad : List.of("", "(", "('a'", "('a') ", "'a'", "('a\\", "(('k'))")) {
      assertThatThrownBy(() -> DumpText.value(TEXTS, bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> DumpText.value(NUMBERS, "('k' '3')"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DumpText.value(FLAG, "yes"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static <T> T back(Type<T> type, T value) {
    return type.read(DumpText.value(type, DumpText.text(type, value)), "field");
  }
}
