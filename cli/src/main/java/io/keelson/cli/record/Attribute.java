package io.keelson.cli.record;

import io.keelson.api.ApiError;
import io.keelson.api.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Something of an object that commands show, filter by and set: mostly a field of its class, under
 * a name of the command line.
 *
 * @param text what is shown
 * @param members of a set, if it is one that can be looked into
 * @param entries of a map, if it is one that can be looked into
 * @param edit how it is changed
 */
public record Attribute(
    String name,
    Function<Item, String> text,
    Optional<Function<Item, List<String>>> members,
    Optional<Function<Item, Map<String, String>>> entries,
    Edit edit,
    Set<Trait> traits) {
  /** What else there is to know of it. */
  public enum Trait {
    /** It takes a call of its own; lists leave it out. */
    EXPENSIVE,
    /** It is shown only when it is asked for by name. */
    HIDDEN,
    /** Something newer has taken its place. */
    DEPRECATED,
    /** Capitals do not matter when objects are looked for by it. */
    ANY_CASE
  }

  /** How an attribute is changed. */
  public sealed interface Edit {
    /** Not at all. */
    record None() implements Edit {}

    /** As a whole. */
    record Whole(Change set) implements Edit {}

    /** Member by member, and maybe as a whole. */
    record Members(Change add, Change remove, Optional<Change> set) implements Edit {}

    /** Entry by entry: an entry is removed before it is added again. */
    record Entries(EntryChange add, Change remove) implements Edit {}

    /** Entry by entry, each in one step. */
    record Properties(EntryChange set) implements Edit {}
  }

  /** Changes an object by a text. */
  @FunctionalInterface
  public interface Change {
    void apply(Item item, String text);
  }

  /** Changes an entry of an object's map. */
  @FunctionalInterface
  public interface EntryChange {
    void apply(Item item, String key, String text);
  }

  public Attribute {
    traits = Set.copyOf(traits);
  }

  public boolean has(Trait trait) {
    return traits.contains(trait);
  }

  /** What is shown of an object; of one that has gone meanwhile, that it has. */
  public String of(Item item) {
    try {
      return text.apply(item);
    } catch (ApiError error) {
      if (error.code() == ErrorCode.HANDLE_INVALID) {
        return "<invalid reference>";
      }
      throw error;
    }
  }

  /** The line of a record, whose label says as well what can be done with it. */
  public Line line(Item item) {
    return new Line(label(), of(item));
  }

  /** The line of a record in a list, which asks nothing that takes a call of its own. */
  public Line cheapLine(Item item) {
    return has(Trait.EXPENSIVE) ? new Line(label(), "<expensive field>") : line(item);
  }

  private String label() {
    return name + access() + (has(Trait.DEPRECATED) ? " [DEPRECATED]" : "");
  }

  private String access() {
    boolean changes = !(edit instanceof Edit.None);
    if (members.isPresent()) {
      return edit instanceof Edit.Members ? " (SRW)" : " (SRO)";
    }
    if (entries.isPresent()) {
      return edit instanceof Edit.Entries ? " (MRW)" : " (MRO)";
    }
    return changes ? " ( RW)" : " ( RO)";
  }
}
