package io.keelson.conformance.recording;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Replaces what differs from run to run, and what is nobody's business, by what says what it was.
 * The same thing gets the same stand-in within an example.
 */
final class StandIns {
  private static final String UUID_FORM = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
  private static final Pattern REFERENCE = Pattern.compile("OpaqueRef:" + UUID_FORM);
  private static final Pattern UUID = Pattern.compile(UUID_FORM);
  private static final Pattern MOMENT =
      Pattern.compile("(?!1970)\\d{8}T\\d{2}:\\d{2}:\\d{2}(Z?)(?![0-9])");
  private static final Pattern OWN_NAME =
      Pattern.compile("keelson-conformance(?: [0-9a-f]{8})?(?: \\d+)?");
  private static final Pattern URL = Pattern.compile("https?://127\\.0\\.0\\.1:\\d+");
  private static final Pattern FOLDER = Pattern.compile("/tmp/[\\w./-]+");
  private static final Pattern LOOPBACK = Pattern.compile("127\\.0\\.0\\.1(?::\\d+)?");
  private static final Pattern PASSWORD =
      Pattern.compile(
          "(session\\.(?:login|slave_local_login)_with_password"
              + "(?:\",\"id\":\\d+,\"params\":\\[\"root\",\"|.*?<string>root</string>.*?<string>))"
              + "[^\"<]*");

  private final ObjectClasses classes;
  private final String password;
  private final Map<String, String> known = new HashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();

  /**
   * @param password of the user that the suite has logged in as
   */
  StandIns(ObjectClasses classes, String password) {
    this.classes = classes;
    this.password = password;
  }

  /** The text of a body with stand-ins. */
  String in(String body) {
    String text = PASSWORD.matcher(body).replaceAll("$1the-password");
    text = password.isEmpty() ? text : text.replace(password, "the-password");
    text = replaced(text, REFERENCE, this::reference);
    text = replaced(text, UUID, this::uuid);
    text = MOMENT.matcher(text).replaceAll("20260105T09:00:00$1");
    text = OWN_NAME.matcher(text).replaceAll("example");
    text = FOLDER.matcher(text).replaceAll("/srv/example");
    text = URL.matcher(text).replaceAll("https://host.example.com");
    return LOOPBACK.matcher(text).replaceAll("192.0.2.10");
  }

  private String replaced(String text, Pattern pattern, Function<String, String> standIn) {
    return pattern
        .matcher(text)
        .replaceAll((MatchResult found) -> known.computeIfAbsent(found.group(), standIn));
  }

  private String reference(String reference) {
    String apiClass = classes.of(reference).orElse("object");
    return "OpaqueRef:" + apiClass + "-" + counts.merge(apiClass, 1, Integer::sum);
  }

  private String uuid(String uuid) {
    return "00000000-0000-4000-8000-%012d".formatted(counts.merge("uuid", 1, Integer::sum));
  }
}
