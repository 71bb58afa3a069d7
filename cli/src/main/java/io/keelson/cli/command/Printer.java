package io.keelson.cli.command;

import io.keelson.cli.record.Line;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Lays out what a command says. With {@code --minimal} only values are said, of records the first
 * ones, in one line.
 */
public final class Printer {
  private final Terminal terminal;
  private final boolean minimal;
  private final Deque<String> values = new ArrayDeque<>();

  public Printer(Terminal terminal, boolean minimal) {
    this.terminal = terminal;
    this.minimal = minimal;
  }

  /** Says something that is no value. */
  public void message(String text) throws IOException {
    if (!minimal) {
      terminal.print(text);
    }
  }

  /** Values, one a line. */
  public void list(List<String> texts) throws IOException {
    if (minimal) {
      values.push(joined(texts));
    } else {
      for (String text : texts) {
        terminal.print(text);
      }
    }
  }

  /** Records, each with an empty line after it. */
  public void table(List<List<Line>> records) throws IOException {
    if (!minimal) {
      for (List<Line> record : records) {
        terminal.print(layout(record) + "\n");
      }
    } else if (!records.isEmpty() && !records.getFirst().isEmpty()) {
      values.push(
          joined(
              records.stream()
                  .filter(record -> !record.isEmpty())
                  .map(record -> record.getFirst().text())
                  .toList()));
    }
  }

  /** Says what was kept back to be said in one line. */
  public void end() throws IOException {
    if (minimal) {
      terminal.print(String.join(",", values));
    }
  }

  /** The first label stands at the left, the others end where the longest ends. */
  private static String layout(List<Line> record) {
    int width = 4 + record.stream().mapToInt(line -> line.label().length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    for (Line line : record) {
      boolean first = text.isEmpty();
      String pad = " ".repeat(width - line.label().length());
      text.append(first ? line.label() + pad : pad + line.label());
      text.append(": ").append(line.text()).append('\n');
    }
    return text.toString();
  }

  private static String joined(List<String> texts) {
    return texts.stream()
        .map(text -> text.replace("\\", "\\\\").replace(",", "\\,"))
        .collect(Collectors.joining(","));
  }
}
