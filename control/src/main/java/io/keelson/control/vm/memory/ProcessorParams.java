package io.keelson.control.vm.memory;

import io.keelson.api.ApiErrors;
import io.keelson.host.Scheduling;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** VM.VCPUs_params: {@code weight}, {@code cap} and {@code mask}; other keys mean nothing here. */
public final class ProcessorParams {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessorParams.class);
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,4})(?:-([0-9]{1,4}))?");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,6}");
  private static final int MOST_WEIGHT = 65_535;

  private ProcessorParams() {}

  /** For a start, which nothing that cannot be understood shall prevent. */
  public static Scheduling lenient(Map<String, String> params) {
    Map<String, String> understood = new LinkedHashMap<>(params);
    params.forEach((key, value) -> {
      if (read(Map.of(key, value)).isEmpty()) {
        LOG.warn("VCPUs_params:{} is passed over: {} means nothing", key, value);
        understood.remove(key);
      }
    });
    return read(understood).orElse(Scheduling.USUAL);
  }

  /**
   * @throws io.keelson.api.ApiError INVALID_VALUE when the value of this key means nothing
   */
  static Scheduling strict(Map<String, String> params, String key) {
    String value = params.getOrDefault(key, "");
    if (read(Map.of(key, value)).isEmpty()) {
      throw ApiErrors.invalidValue("VCPUs_params:" + key, value);
    }
    return lenient(params);
  }

  private static Optional<Scheduling> read(Map<String, String> params) {
    Optional<SortedSet<Integer>> mask = mask(params.getOrDefault("mask", ""));
    Optional<Integer> weight = number(params, "weight", Scheduling.USUAL_WEIGHT);
    Optional<Integer> cap = number(params, "cap", 0);
    boolean known =
        mask.isPresent()
            && cap.isPresent()
            && weight.filter(w -> w > 0 && w <= MOST_WEIGHT).isPresent();
    return known
        ? Optional.of(new Scheduling(mask.get(), weight.get(), cap.get()))
        : Optional.empty();
  }

  private static Optional<Integer> number(Map<String, String> params, String key, int otherwise) {
    String text = params.getOrDefault(key, "");
    if (text.isEmpty()) {
      return Optional.of(otherwise);
    }
    return NUMBER.matcher(text).matches() ? Optional.of(Integer.parseInt(text)) : Optional.empty();
  }

  /** Numbers and ranges of them, with commas between. */
  private static Optional<SortedSet<Integer>> mask(String text) {
    SortedSet<Integer> processors = new TreeSet<>();
    for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      Matcher range = RANGE.matcher(part.strip());
      if (!range.matches()) {
        return Optional.empty();
      }
      int first = Integer.parseInt(range.group(1));
      int last = Optional.ofNullable(range.group(2)).map(Integer::parseInt).orElse(first);
      if (last < first) {
        return Optional.empty();
      }
      for (int number = first; number <= last; number++) {
        processors.add(number);
      }
    }
    return Optional.of(processors);
  }
}
