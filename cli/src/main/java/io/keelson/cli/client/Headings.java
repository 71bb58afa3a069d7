package io.keelson.cli.client;

/** Colours for the labels of records, which stand before a colon with their rights in brackets. */
final class Headings {
  private static final String BLUE = "\033[34m";
  private static final String NORMAL = "\033[0m";

  private Headings() {}

  static String coloured(String text) {
    StringBuilder coloured = new StringBuilder();
    for (String line : text.split("\n", -1)) {
      int end = labelEnd(line);
      coloured.append(
          end < 0 ? line : BLUE + line.substring(0, end) + NORMAL + line.substring(end));
      coloured.append('\n');
    }
    return coloured.substring(0, coloured.length() - 1);
  }

  /** Where the label of a line such as {@code name-label ( RW): x} ends; -1 without one. */
  private static int labelEnd(String line) {
    int colon = line.indexOf(':');
    int open = line.indexOf(" (");
    int close = line.indexOf(')');
    boolean label = open > 0 && close > open && close < colon && line.startsWith("R", close - 2);
    return label ? close + 1 : -1;
  }
}
