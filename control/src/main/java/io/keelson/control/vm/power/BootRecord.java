package io.keelson.control.vm.power;

import io.keelson.api.ApiModel;
import io.keelson.api.EncodedOnce;
import io.keelson.api.Field;
import io.keelson.api.RecordBuilder;
import io.keelson.api.Value;
import io.keelson.api.ValueSink;
import io.keelson.api.model.Vm;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * VM.last_booted_record: the VM as it last started, as text, and back.
 *
 * <p>The text is one item after the other: a letter for the kind, a length or count, a colon, and
 * what it holds; so that any text can be held and read without escapes.
 */
public final class BootRecord {
  private BootRecord() {}

  /** The record as text; what it says of its own last boot is left out. */
  public static String text(Vm vm) {
    Sink sink = new Sink();
    ApiModel.VM.write(vm.with(b -> b.lastBootedRecord("")), sink);
    return sink.out.toString();
  }

  /**
   * The record that {@link #text} wrote.
   *
   * @throws IllegalArgumentException when the text is none
   */
  public static Vm read(String text) {
    if (!(new Reader(text).value() instanceof Value.Structure(var members))) {
      throw new IllegalArgumentException("not a boot record");
    }
    RecordBuilder<Vm> record = Vm.builder();
    for (Field<Vm, ?> field : ApiModel.VM.visibleFields()) {
      Value value = members.get(field.name());
      if (value != null) {
        field.read(value, record);
      }
    }
    return record.build();
  }

  private static final class Sink implements ValueSink {
    private final StringBuilder out = new StringBuilder();

    private void item(char kind, String content) {
      out.append(kind).append(content.length()).append(':').append(content);
    }

    @Override
    public void text(String text) {
      item('t', text);
    }

    @Override
    public void whole(long number) {
      item('i', Long.toString(number));
    }

    @Override
    public void count(int number) {
      item('i', Integer.toString(number));
    }

    @Override
    public void real(double number) {
      item('r', Double.toString(number));
    }

    @Override
    public void flag(boolean on) {
      item('b', on ? "1" : "0");
    }

    @Override
    public void moment(String text) {
      item('m', text);
    }

    @Override
    public void nothing() {
      item('n', "");
    }

    @Override
    public void beginSequence() {
      out.append('[');
    }

    @Override
    public void endSequence() {
      out.append(']');
    }

    @Override
    public void beginStructure() {
      out.append('{');
    }

    @Override
    public void member(String name) {
      text(name);
    }

    @Override
    public void endStructure() {
      out.append('}');
    }

    @Override
    public void shared(EncodedOnce value) {
      throw new IllegalStateException("a VM's record shares nothing");
    }
  }

  private static final class Reader {
    private final String in;
    private int at;

    Reader(String in) {
      this.in = in;
    }

    Value value() {
      char kind = next();
      return switch (kind) {
        case '[' -> new Value.Sequence(sequence());
        case '{' -> new Value.Structure(structure());
        case 't' -> new Value.Text(content());
        case 'i' -> new Value.Whole(Long.parseLong(content()));
        case 'r' -> new Value.Real(Double.parseDouble(content()));
        case 'b' -> new Value.Flag(content().equals("1"));
        case 'm' -> new Value.Moment(content());
        default -> throw new IllegalArgumentException("not a boot record at " + at);
      };
    }

    private List<Value> sequence() {
      List<Value> items = new ArrayList<>();
      while (!ends(']')) {
        items.add(value());
      }
      return items;
    }

    private Map<String, Value> structure() {
      Map<String, Value> members = new LinkedHashMap<>();
      while (!ends('}')) {
        if (next() != 't') {
          throw new IllegalArgumentException("not a member's name at " + at);
        }
        members.put(content(), value());
      }
      return members;
    }

    private boolean ends(char bracket) {
      if (at < in.length() && in.charAt(at) == bracket) {
        at++;
        return true;
      }
      return false;
    }

    private String content() {
      int colon = in.indexOf(':', at);
      if (colon < 0) {
        throw new IllegalArgumentException("no length at " + at);
      }
      int length = Integer.parseInt(in, at, colon, 10);
      int end = colon + 1 + length;
      if (length < 0 || end > in.length()) {
        throw new IllegalArgumentException("too short at " + at);
      }
      at = end;
      return in.substring(colon + 1, end);
    }

    private char next() {
      if (at >= in.length()) {
        throw new IllegalArgumentException("too short");
      }
      return in.charAt(at++);
    }
  }
}
