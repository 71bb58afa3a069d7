package io.keelson.control.vm.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keelson.api.ApiError;
import io.keelson.host.Scheduling;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ProcessorParamsTest {
  @Test
  void whatIsUnderstoodCountsAndTheRestIsPassedOver() {
    assertThat(ProcessorParams.lenient(Map.of())).isEqualTo(Scheduling.USUAL);
    assertThat(ProcessorParams.lenient(Map.of("mask", "0,2-4", "weight", "512", "cap", "150")))
        .isEqualTo(new Scheduling(new TreeSet<>(List.of(0, 2, 3, 4)), 512, 150));
    assertThat(ProcessorParams.lenient(Map.of("mask", "a", "weight", "0", "cap", "50", "x", "y")))
        .isEqualTo(new Scheduling(new TreeSet<>(), Scheduling.USUAL_WEIGHT, 50));
  }

  @Test
  void liveChangesMustMeanSomething() {
    for (String mask : List.of("a", "1-", "3-1", "1,,2", "-1", "1;2")) {
      ApiError error =
          catchThrowableOfType(
              ApiError.class, () -> ProcessorParams.strict(Map.of("mask", mask), "mask"));
      assertThat(error.description()).containsExactly("INVALID_VALUE", "VCPUs_params:mask", mask);
    }
  }
}
