package io.keelson.testkit.tour;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The blocks of a page of the documentation, as a script. A block that begins with {@code # yours:}
 * sets variables to examples of what readers put their own in place of; so do tests.
 *
 * @param left the headings of sections that are not in the script, as something of theirs is
 *     missing
 */
record PageBlocks(String script, List<String> left) {
  static final Path CLONE = Path.of("..").toAbsolutePath().normalize();

  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$");
  private static final Pattern SECTION = Pattern.compile("(?m)^(?=## )");
  private static final Pattern EXAMPLE = Pattern.compile("(?m)^(\\w+)=.*\n");
  private static final String YOURS = "# yours:\n";
  private static final String PASTED = "bash";

  PageBlocks {
    left = List.copyOf(left);
  }

  /**
   * @param page its path in the clone
   * @param yours values for the examples' variables
   */
  static PageBlocks of(String page, Map<String, String> yours) throws IOException {
    StringBuilder script = new StringBuilder();
    List<String> left = new ArrayList<>();
    for (String section : SECTION.split(Files.readString(CLONE.resolve(page)))) {
      List<String> blocks = blocks(section, PASTED);
      if (blocks.stream().anyMatch(block -> isMissing(block, yours))) {
        left.add(section.lines().findFirst().orElse(""));
      } else {
        blocks.forEach(block -> script.append(own(block, yours)).append('\n'));
      }
    }
    return new PageBlocks(script.toString(), left);
  }

  /** Of all blocks of a page, the languages that are not pasted. */
  static List<String> otherLanguages(Path page) throws IOException {
    return BLOCK
        .matcher(Files.readString(page))
        .results()
        .map(block -> block.group(1))
        .filter(language -> !language.equals(PASTED))
        .distinct()
        .toList();
  }

  private static List<String> blocks(String section, String language) {
    return BLOCK
        .matcher(section)
        .results()
        .filter(block -> block.group(1).equals(language))
        .map(block -> block.group(2))
        .toList();
  }

  private static List<String> names(String block) {
    return EXAMPLE.matcher(block).results().map(example -> example.group(1)).toList();
  }

  private static boolean isMissing(String block, Map<String, String> yours) {
    return block.startsWith(YOURS) && !yours.keySet().containsAll(names(block));
  }

  private static String own(String block, Map<String, String> yours) {
    if (!block.startsWith(YOURS)) {
      return block;
    }
    List<String> names = names(block);
    if (names.size() != block.lines().count() - 1) {
      throw new IllegalArgumentException("not an example a line: " + block);
    }
    return names.stream()
        .map(name -> name + "=" + quoted(Optional.ofNullable(yours.get(name)).orElseThrow()) + "\n")
        .collect(Collectors.joining());
  }

  private static String quoted(String value) {
    return "'" + value.replace("'", "'\\''") + "'";
  }
}
