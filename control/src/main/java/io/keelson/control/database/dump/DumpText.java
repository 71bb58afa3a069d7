package io.keelson.control.database.dump;

import io.keelson.api.EncodedOnce;
import io.keelson.api.Type;
import io.keelson.api.Value;
import io.keelson.api.ValueSink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values as texts: a set is {@code ('a' 'b')}, a map {@code (('k' 'v'))}; quotes and backslashes in
 * them have a backslash before them.
 */
final class DumpText {
  private DumpText() {}

  static <T> String text(Type<T> type, T value) {
    Sink sink = new Sink();
    type.write(value, sink);
    return sink.out.toString();
  }

  /**
   * Reads the text of a value.
   *
   * @throws IllegalArgumentException when it is none of that type
   */
  static Value value(Type<?> type, String text) {
    if (type instanceof Type.Single<?>) {
      return scalar(type, text);
    }
    Parser parser = new Parser(text);
    Value value = parser.nested(type);
    parser.requireEnd();
    return value;
  }

  private static Value scalar(Type<?> type, String text) {
    if (!(type instanceof Type.Flag)) {
      return new Value.Text(text);
    }
    return switch (text) {
      case "true" -> new Value.Flag(true);
      case "false" -> new Value.Flag(false);
      default -> throw new IllegalArgumentException("neither true nor false: " + text);
    };
  }

  /** Takes a value apart. */
  private static final class Sink implements ValueSink {
    private final StringBuilder out = new StringBuilder();

    /** For each thing that is open whether anything is in it. */
    private final Deque<Boolean> open = new ArrayDeque<>();

    private boolean inMember;

    private void scalar(String text) {
      if (open.isEmpty()) {
        out.append(text);
        return;
      }
      begin();
      out.append('\'').append(text.replace("\\", "\\\\").replace("'", "\\'")).append('\'');
      end();
    }

    private void begin() {
      if (!inMember) {
        if (!open.isEmpty()) {
          boolean more = open.pop();
          out.append(more ? " " : "");
          open.push(true);
        }
      }
    }

    private void end() {
      if (inMember) {
        out.append(')');
        inMember = false;
      }
    }

    @Override
    public void text(String text) {
      scalar(text);
    }

    @Override
    public void whole(long number) {
      scalar(Long.toString(number));
    }

    @Override
    public void count(int number) {
      scalar(Integer.toString(number));
    }

    @Override
    public void real(double number) {
      scalar(Double.toString(number));
    }

    @Override
    public void flag(boolean on) {
      scalar(Boolean.toString(on));
    }

    @Override
    public void moment(String text) {
      scalar(text);
    }

    @Override
    public void nothing() {
      scalar("");
    }

    @Override
    public void beginSequence() {
      if (inMember) {
        throw new IllegalStateException("no field has lists in a map");
      }
      begin();
      out.append('(');
      open.push(false);
    }

    @Override
    public void endSequence() {
      out.append(')');
      open.pop();
    }

    @Override
    public void beginStructure() {
      beginSequence();
    }

    @Override
    public void member(String name) {
      begin();
      out.append("('").append(name.replace("\\", "\\\\").replace("'", "\\'")).append("' ");
      inMember = true;
    }

    @Override
    public void endStructure() {
      endSequence();
    }

    @Override
    public void shared(EncodedOnce value) {
      throw new IllegalStateException("no field is a reply");
    }
  }

  /** Puts a value together. */
  private static final class Parser {
    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
    }

    Value nested(Type<?> type) {
      return switch (type) {
        case Type.AnySet<?, ?> set -> new Value.Sequence(items(set.member()));
        case Type.MapOf<?, ?>(_, Type<?> values) -> new Value.Structure(members(values));
        case Type.Single<?> _ -> scalar(type, quoted());
      };
    }

    private List<Value> items(Type<?> member) {
      List<Value> items = new ArrayList<>();
      expect('(');
      while (!accept(')')) {
        items.add(nested(member));
        boolean _ = accept(' ');
      }
      return items;
    }

    private Map<String, Value> members(Type<?> values) {
      Map<String, Value> members = new LinkedHashMap<>();
      expect('(');
      while (!accept(')')) {
        expect('(');
        String key = quoted();
        expect(' ');
        members.put(key, nested(values));
        expect(')');
        boolean _ = accept(' ');
      }
      return members;
    }

    private String quoted() {
      expect('\'');
      StringBuilder out = new StringBuilder();
      while (!accept('\'')) {
        boolean _ = accept('\\');
        if (at >= text.length()) {
          throw new IllegalArgumentException("a text without end");
        }
        out.append(text.charAt(at++));
      }
      return out.toString();
    }

    private boolean accept(char wanted) {
      boolean there = at < text.length() && text.charAt(at) == wanted;
      at += there ? 1 : 0;
      return there;
    }

    private void expect(char wanted) {
      if (!accept(wanted)) {
        throw new IllegalArgumentException("no " + wanted + " at " + at + " of " + text);
      }
    }

    void requireEnd() {
      if (at < text.length()) {
        throw new IllegalArgumentException("something follows " + text.substring(0, at));
      }
    }
  }
}
