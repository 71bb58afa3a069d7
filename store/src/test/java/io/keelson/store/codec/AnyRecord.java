package io.keelson.store.codec;

import io.keelson.api.ApiRecord;
import io.keelson.api.DateText;
import io.keelson.api.Field;
import io.keelson.api.Type;
import io.keelson.api.Value;
import io.keelson.store.table.ClassSchema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Records with any values in their stored fields, decided by a seed. */
final class AnyRecord {
  private static final int TRIES = 100;

  private final Random random;

  AnyRecord(long seed) {
    this.random = new Random(seed);
  }

  <R extends ApiRecord> R of(ClassSchema<R> schema) {
    R record = schema.apiClass().blank();
    for (Field<R, ?> field : schema.stored()) {
      record = set(record, field);
    }
    return record;
  }

  private <R extends ApiRecord, T> R set(R record, Field<R, T> field) {
    return field.with(record, any(field.type(), field.initial()));
  }

  private <T> T any(Type<T> type, T fallback) {
    return type instanceof Type.Enumeration<?> ? fallback : type.read(value(type), "any");
  }

  private Value value(Type<?> type) {
    return switch (type) {
      case Type.Text _ -> new Value.Text(text());
      case Type.Whole _ -> new Value.Whole(random.nextLong() >> random.nextInt(64));
      case Type.Real _ -> new Value.Real(Double.longBitsToDouble(random.nextLong()));
      case Type.Flag _ -> new Value.Flag(random.nextBoolean());
      case Type.Moment _ -> new Value.Moment(moment());
      case Type.Reference<?> _ -> new Value.Text("OpaqueRef:" + uuid());
      case Type.Enumeration<?> e -> new Value.Text(enumText(e));
      case Type.AnySet<?, ?> s -> items(s.member());
      case Type.MapOf<?, ?> m -> {
        Map<String, Value> members = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          members.put(key(m.keys()), value(m.values()));
        }
        yield new Value.Structure(members);
      }
      case Type.LocalMoment _, Type.RecordOf<?> _, Type.Outgoing<?> _ ->
          throw new IllegalStateException("never stored: " + type);
    };
  }

  private Value items(Type<?> member) {
    List<Value> items = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      items.add(value(member));
    }
    return new Value.Sequence(items);
  }

  private static <E extends Enum<E>> String enumText(Type.Enumeration<E> type) {
    return type.wireText().apply(type.zero());
  }

  private String key(Type<?> type) {
    return type instanceof Type.Whole ? "" + random.nextInt() : ((Value.Text) value(type)).text();
  }

  private String moment() {
    long seconds = random.nextLong(-62_135_596_800L, 253_402_300_799L);
    return DateText.format(Instant.ofEpochSecond(seconds));
  }

  private UUID uuid() {
    return new UUID(random.nextLong(), random.nextLong());
  }

  private String text() {
    return switch (random.nextInt(6)) {
      case 0 -> "";
      case 1 -> uuid().toString();
      case 2 -> "OpaqueRef:" + uuid();
      case 3 -> units(random.nextInt(TRIES), Character.MAX_VALUE);
      case 4 -> units(random.nextInt(TRIES), '\u007f');
      default -> uuid().toString().toUpperCase(java.util.Locale.ROOT);
    };
  }

  /** Any 16-bit units, lone surrogates among them. */
  private String units(int length, int below) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) random.nextInt(below));
    }
    return text.toString();
  }
}
