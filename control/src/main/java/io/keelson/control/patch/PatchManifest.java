package io.keelson.control.patch;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.CleanText;
import io.keelson.api.model.AfterApplyGuidance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a patch says of itself.
 *
 * @param guidance what has to be restarted afterwards
 * @param requires uuids of patches that have to be in force before
 * @param serverVersion the server's version it is for, in which {@code *} stands for anything
 * @param requiredSpace bytes that it needs in the server's data folder
 * @param noRunningVms whether no VM may run on the host
 */
record PatchManifest(
    String uuid,
    String nameLabel,
    String nameDescription,
    String version,
    List<AfterApplyGuidance> guidance,
    List<String> requires,
    String serverVersion,
    long requiredSpace,
    boolean noRunningVms) {
  private static final Set<String> KEYS =
      Set.of(
          "uuid",
          "name-label",
          "name-description",
          "version",
          "after-apply-guidance",
          "requires",
          "server-version",
          "required-space",
          "no-running-vms");

  /**
   * Reads lines of the form {@code key: value}; empty ones and those that begin with # are passed
   * over.
   *
   * @throws ApiError INVALID_PATCH_WITH_LOG
   */
  static PatchManifest parse(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String line : text.lines().toList()) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      int colon = line.indexOf(':');
      String key = colon < 0 ? line : line.substring(0, colon).strip();
      if (colon < 0 || !KEYS.contains(key) || !CleanText.isClean(line)) {
        throw invalid("a line of the manifest is not understood");
      }
      if (values.put(key, line.substring(colon + 1).strip()) != null) {
        throw invalid("the manifest has " + key + " twice");
      }
    }
    String label = values.getOrDefault("name-label", "");
    if (label.isEmpty()) {
      throw invalid("the manifest has no name-label");
    }
    return new PatchManifest(
        uuid(values.getOrDefault("uuid", "")),
        label,
        values.getOrDefault("name-description", ""),
        values.getOrDefault("version", ""),
        guidance(values.getOrDefault("after-apply-guidance", "")),
        words(values, "requires").map(PatchManifest::uuid).toList(),
        values.getOrDefault("server-version", "*"),
        space(values.getOrDefault("required-space", "0")),
        yes(values.getOrDefault("no-running-vms", "no")));
  }

  /** Whether it is for a server of that version. */
  boolean isFor(String version) {
    String pattern =
        Stream.of(serverVersion.split("\\*", -1))
            .map(Pattern::quote)
            .reduce((a, b) -> a + ".*" + b)
            .orElse("");
    return Pattern.matches(pattern, version);
  }

  private static Stream<String> words(Map<String, String> values, String key) {
    return Stream.of(values.getOrDefault(key, "").split("\\s+")).filter(w -> !w.isEmpty());
  }

  private static String uuid(String text) {
    try {
      String lower = text.toLowerCase(Locale.ROOT);
      if (UUID.fromString(lower).toString().equals(lower)) {
        return lower;
      }
    } catch (IllegalArgumentException _) {
      throw invalid("no UUID: " + text);
    }
    throw invalid("no UUID: " + text);
  }

  private static List<AfterApplyGuidance> guidance(String text) {
    List<AfterApplyGuidance> found = new ArrayList<>();
    for (String word : text.split("\\s+")) {
      try {
        if (!word.isEmpty()) {
          found.add(AfterApplyGuidance.of(word));
        }
      } catch (IllegalArgumentException _) {
        throw invalid("no after-apply-guidance: " + word);
      }
    }
    return found.stream().distinct().toList();
  }

  private static long space(String text) {
    if (!text.matches("[0-9]{1,18}")) {
      throw invalid("no number of bytes: " + text);
    }
    return Long.parseLong(text);
  }

  private static boolean yes(String text) {
    return switch (text) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw invalid("neither yes nor no: " + text);
    };
  }

  static ApiError invalid(String why) {
    return ApiErrors.invalidPatchWithLog(why);
  }
}
