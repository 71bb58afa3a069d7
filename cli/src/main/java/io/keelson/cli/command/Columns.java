package io.keelson.cli.command;

import io.keelson.cli.record.Item;
import io.keelson.cli.record.Line;
import io.keelson.cli.record.RecordKind;
import io.keelson.cli.record.RecordKinds;
import java.util.List;

/** Which attributes of an object are shown, where a parameter of the command can say so. */
public final class Columns {
  private final Invocation invocation;
  private final RecordKind kind;
  private final List<String> names;

  private Columns(Invocation invocation, RecordKind kind, List<String> names) {
    this.invocation = invocation;
    this.kind = kind;
    this.names = names;
  }

  /**
   * @param kind with which the commands of such objects begin: {@code vbd}
   * @param parameter that has names with commas between them, or {@code all}
   * @param usual when it is not given
   */
  public static Columns of(Invocation invocation, String kind, String parameter, String... usual) {
    return of(invocation, RecordKinds.find(kind).orElseThrow(), parameter, usual);
  }

  /** {@link #of(Invocation, String, String, String...)} for objects without such commands. */
  public static Columns of(
      Invocation invocation, RecordKind kind, String parameter, String... usual) {
    return new Columns(
        invocation,
        kind,
        invocation
            .get(parameter)
            .map(text -> text.equals("all") ? List.<String>of() : List.of(text.split(",")))
            .orElse(List.of(usual)));
  }

  /** The lines of an object. */
  public List<Line> lines(String ref) {
    Item item = kind.byRef(invocation.objects(), ref);
    return kind.attributes().stream()
        .filter(attribute -> names.isEmpty() || names.contains(attribute.name()))
        .map(attribute -> attribute.line(item))
        .toList();
  }
}
