package io.keelson.control.gate;

import io.keelson.api.Value;
import io.keelson.api.ValueSink;

/** Writes a value back as it came. */
final class Echo {
  private Echo() {}

  static void write(Value value, ValueSink out) {
    switch (value) {
      case Value.Text(String text) -> out.text(text);
      case Value.Whole(long number) -> out.whole(number);
      case Value.Real(double number) -> out.real(number);
      case Value.Flag(boolean on) -> out.flag(on);
      case Value.Moment(String text) -> out.moment(text);
      case Value.Nothing() -> out.nothing();
      case Value.Sequence(var items) -> {
        out.beginSequence();
        items.forEach(item -> write(item, out));
        out.endSequence();
      }
      case Value.Structure(var members) -> {
        out.beginStructure();
        members.forEach((name, member) -> {
          out.member(name);
          write(member, out);
        });
        out.endStructure();
      }
    }
  }
}
