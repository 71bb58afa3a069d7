package io.keelson.control.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.api.ApiError;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MacsTest {

  @Property(tries = 200)
  void aGeneratedAddressIsLocalAndFollowsFromSeedAndDevice(
      @ForAll String seed, @ForAll @IntRange(min = 0, max = 15) int device) {
    String mac = Macs.generated(seed, device);
    assertThat(Macs.checked(mac)).isEqualTo(mac);
    assertThat(Integer.parseInt(mac.substring(0, 2), 16) & 3).isEqualTo(2);
    assertThat(Macs.generated(seed, device)).isEqualTo(mac);
    assertThat(Macs.generated(seed, device + 1)).isNotEqualTo(mac);
  }

  @Test
  void anAddressIsRecordedInLowerCase() {
    assertThat(Macs.checked("02:AB:cd:00:11:22")).isEqualTo("02:ab:cd:00:11:22");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "02:ab:cd:00:11", "02-ab-cd-00-11-22", "03:ab:cd:00:11:22"})
  void whatIsNoAddressOfOneCardIsRefused(String text) {
    assertThatThrownBy(() -> Macs.checked(text))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.description()).containsExactly("MAC_INVALID", text));
  }
}
