package io.keelson.store.codec;

import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.api.Ref;
import io.keelson.api.Value;
import io.keelson.store.table.Change;
import io.keelson.store.table.ClassSchema;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.DataFormatException;

/**
 * One transaction as bytes: format, version of the stored model, the newest change known durable
 * when it was made, then each change with its class, reference and values by name.
 */
public final class EntryCodec {
  private static final int PLAIN = 1;
  private static final int PACKED = 2;
  private static final int PACK_ABOVE = 1 << 14;
  private static final int MAX_LENGTH = 1 << 28;

  private final StoredModel model;

  public EntryCodec(StoredModel model) {
    this.model = model;
  }

  private enum Kind {
    CREATED(0),
    UPDATED(1),
    DELETED(2),
    TOUCHED(3);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    static Kind of(int code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new MalformedException("no such kind of change: " + code);
    }
  }

  /**
   * @param durable number of the newest change known durable
   */
  public byte[] encode(List<Change<?>> changes, long durable) {
    BinaryWriter body = new BinaryWriter();
    body.number(changes.size());
    changes.forEach(change -> write(change, body));
    byte[] plain = body.take();
    boolean pack = plain.length > PACK_ABOVE;
    BinaryWriter out = new BinaryWriter();
    out.number(pack ? PACKED : PLAIN);
    out.number(model.version());
    out.number(durable);
    out.number(plain.length);
    byte[] head = out.take();
    byte[] rest = pack ? Packing.pack(plain) : plain;
    return ByteBuffer.allocate(head.length + rest.length).put(head).put(rest).array();
  }

  private <R extends ApiRecord> void write(Change<R> change, BinaryWriter out) {
    switch (change) {
      case Change.Created<R> c -> {
        head(Kind.CREATED, change, out);
        fields(model.schema().of(c.apiClass()), c.record(), out);
      }
      case Change.Updated<R> u -> {
        head(Kind.UPDATED, change, out);
        out.number(u.values().size());
        u.values().forEach(value -> write(value, out));
      }
      case Change.Deleted<R> _ -> head(Kind.DELETED, change, out);
      case Change.Touched<R> _ -> head(Kind.TOUCHED, change, out);
    }
  }

  /** Writes those of a record's stored fields that have another value than the initial one. */
  static <R extends ApiRecord> void fields(ClassSchema<R> of, R record, BinaryWriter out) {
    List<Field<R, ?>> told = of.stored().stream().filter(f -> !isInitial(f, record)).toList();
    out.number(told.size());
    for (Field<R, ?> field : told) {
      out.name(field.name());
      field.write(record, out);
    }
  }

  private static <R extends ApiRecord, T> boolean isInitial(Field<R, T> field, R record) {
    return field.initial().equals(field.of(record));
  }

  private static <T> void write(Change.FieldValue<?, T> value, BinaryWriter out) {
    out.name(value.field().name());
    value.field().type().write(value.value(), out);
  }

  private static void head(Kind kind, Change<?> change, BinaryWriter out) {
    out.number(kind.code);
    out.name(change.apiClass().name());
    out.text(change.ref().text());
  }

  /** The number of the newest change known durable when the entry was made. */
  public static long durable(ByteBuffer entry) {
    BinaryReader in = new BinaryReader(entry);
    requireFormat(in);
    in.number();
    return in.number();
  }

  private static int requireFormat(BinaryReader in) {
    int format = in.count();
    if (format != PLAIN && format != PACKED) {
      throw new MalformedException("an entry of format " + format);
    }
    return format;
  }

  /**
   * Reads an entry, of this version of the model or an older one.
   *
   * @throws MalformedException when it is none
   */
  public List<Change<?>> decode(ByteBuffer entry) {
    ByteBuffer bytes = entry.slice();
    BinaryReader head = new BinaryReader(bytes);
    int format = requireFormat(head);
    int version = head.count();
    head.number();
    int length = head.count();
    BinaryReader in = format == PLAIN ? head : new BinaryReader(unpack(bytes, length));
    int count = in.count();
    List<Change<?>> changes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      read(in, version).ifPresent(changes::add);
    }
    return changes;
  }

  private static ByteBuffer unpack(ByteBuffer packed, int length) {
    if (length > MAX_LENGTH) {
      throw new MalformedException("an entry of impossible length: " + length);
    }
    byte[] bytes = new byte[packed.remaining()];
    packed.get(bytes);
    try {
      return ByteBuffer.wrap(Packing.unpack(bytes, length));
    } catch (DataFormatException e) {
      throw new MalformedException("an entry that cannot be unpacked", e);
    }
  }

  private Optional<Change<?>> read(BinaryReader in, int version) {
    Kind kind = Kind.of(in.count());
    String apiClass = in.name();
    String ref = in.text();
    Map<String, Value> fields =
        switch (kind) {
          case CREATED, UPDATED -> fields(in);
          case DELETED, TOUCHED -> Map.of();
        };
    return model
        .upgraded(version, new RawObject(apiClass, fields))
        .map(raw -> change(kind, model.classOf(raw.apiClass()), ref, raw.fields()));
  }

  /** Reads what {@link #fields(ClassSchema, ApiRecord, BinaryWriter)} wrote. */
  static Map<String, Value> fields(BinaryReader in) {
    int count = in.count();
    Map<String, Value> fields = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      String name = in.name();
      fields.put(name, in.value());
    }
    return fields;
  }

  private <R extends ApiRecord> Change<R> change(
      Kind kind, ClassSchema<R> of, String refText, Map<String, Value> fields) {
    Ref<R> ref = new Ref<>(refText);
    return switch (kind) {
      case CREATED -> new Change.Created<>(of.apiClass(), ref, model.record(of, fields));
      case UPDATED -> new Change.Updated<>(of.apiClass(), ref, model.values(of, fields));
      case DELETED -> new Change.Deleted<>(of.apiClass(), ref);
      case TOUCHED -> new Change.Touched<>(of.apiClass(), ref);
    };
  }
}
