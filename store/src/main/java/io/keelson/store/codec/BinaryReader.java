package io.keelson.store.codec;

import io.keelson.api.DateText;
import io.keelson.api.Value;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Reads what {@link BinaryWriter} wrote. */
final class BinaryReader {
  private static final int DEPTH = 64;

  private final List<String> names = new ArrayList<>();
  private ByteBuffer bytes;

  BinaryReader(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /** Goes on with more bytes; the names stay known. */
  void refill(ByteBuffer more) {
    bytes = more;
  }

  boolean isEmpty() {
    return !bytes.hasRemaining();
  }

  String name() {
    int number = count();
    if (number == 0) {
      String name = text();
      names.add(name);
      return name;
    }
    if (number > names.size()) {
      throw new MalformedException("a name without a meaning: " + number);
    }
    return names.get(number - 1);
  }

  /** A number of things that are all still to come, so that it cannot be more than there is. */
  int count() {
    long number = number();
    if (number < 0 || number > Integer.MAX_VALUE - 8) {
      throw new MalformedException("too large a number: " + number);
    }
    return (int) number;
  }

  long number() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte b = next();
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new MalformedException("a number without an end");
  }

  private byte next() {
    if (!bytes.hasRemaining()) {
      throw new MalformedException("bytes are missing");
    }
    return bytes.get();
  }

  private long signed() {
    long value = number();
    return (value >>> 1) ^ -(value & 1);
  }

  private long fixed() {
    require(8);
    return bytes.getLong();
  }

  private void require(int length) {
    if (bytes.remaining() < length) {
      throw new MalformedException("bytes are missing");
    }
  }

  String text() {
    return text(Tag.of(next()));
  }

  private String text(Tag tag) {
    return switch (tag) {
      case TEXT -> {
        int length = count();
        require(length);
        byte[] content = new byte[length];
        bytes.get(content);
        yield new String(content, StandardCharsets.UTF_8);
      }
      case UNITS -> {
        int length = count();
        require(length);
        char[] units = new char[length];
        for (int i = 0; i < length; i++) {
          units[i] = (char) number();
        }
        yield new String(units);
      }
      case UUID -> uuid();
      case REF -> "OpaqueRef:" + uuid();
      case END, WHOLE, REAL, YES, NO, MOMENT, NOTHING, SEQUENCE, STRUCTURE ->
          throw new MalformedException("text expected, not " + tag);
    };
  }

  private String uuid() {
    long high = fixed();
    return new UUID(high, fixed()).toString();
  }

  Value value() {
    return value(Tag.of(next()), 0);
  }

  private Value value(Tag tag, int depth) {
    if (depth > DEPTH) {
      throw new MalformedException("nested too deeply");
    }
    return switch (tag) {
      case TEXT, UNITS, UUID, REF -> new Value.Text(text(tag));
      case WHOLE -> new Value.Whole(signed());
      case REAL -> new Value.Real(Double.longBitsToDouble(fixed()));
      case YES -> new Value.Flag(true);
      case NO -> new Value.Flag(false);
      case MOMENT -> new Value.Moment(DateText.format(Instant.ofEpochSecond(signed())));
      case NOTHING -> new Value.Nothing();
      case SEQUENCE -> {
        List<Value> items = new ArrayList<>();
        for (Tag next = Tag.of(next()); next != Tag.END; next = Tag.of(next())) {
          items.add(value(next, depth + 1));
        }
        yield new Value.Sequence(items);
      }
      case STRUCTURE -> {
        Map<String, Value> members = new LinkedHashMap<>();
        for (Tag next = Tag.of(next()); next != Tag.END; next = Tag.of(next())) {
          members.put(text(next), value(Tag.of(next()), depth + 1));
        }
        yield new Value.Structure(members);
      }
      case END -> throw new MalformedException("an end without a beginning");
    };
  }
}
