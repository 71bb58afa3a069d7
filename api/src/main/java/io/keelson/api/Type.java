package io.keelson.api;

import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A type of the API: how its values are read from a wire ({@link Reading} says what passes) and
 * written to a sink.
 *
 * @param <T> what its values are in Java
 */
public sealed interface Type<T> {
  void write(T value, ValueSink out);

  /**
   * @param field whose value it is, for the error
   */
  T read(Value value, String field);

  /** The value that stands where nothing was said: "", 0, false, the null reference, empty. */
  T zero();

  /** The text of a value that is a key of a map; only for types that can be one. */
  default String key(T value) {
    throw new IllegalStateException("not a key type: " + this);
  }

  /** Opposite of {@link #key}. */
  default T fromKey(String text, String field) {
    return read(new Value.Text(text), field);
  }

  /** A type that is neither a set nor a map. */
  sealed interface Single<T> extends Type<T> {}

  /**
   * What the API calls a set.
   *
   * @param <E> what its members are in Java
   * @param <C> what the whole is
   */
  sealed interface AnySet<E, C extends Collection<E>> extends Type<C> {
    Type<E> member();

    @Override
    default void write(C value, ValueSink out) {
      out.beginSequence();
      for (E item : value) {
        member().write(item, out);
      }
      out.endSequence();
    }
  }

  /** string. */
  record Text() implements Single<String> {
    @Override
    public void write(String value, ValueSink out) {
      out.text(value);
    }

    @Override
    public String read(Value value, String field) {
      return Reading.text(value, field);
    }

    @Override
    public String zero() {
      return "";
    }

    @Override
    public String key(String value) {
      return value;
    }
  }

  /** int: 64 bits, signed. */
  record Whole() implements Single<Long> {
    @Override
    public void write(Long value, ValueSink out) {
      out.whole(value);
    }

    @Override
    public Long read(Value value, String field) {
      return Reading.whole(value, field);
    }

    @Override
    public Long zero() {
      return 0L;
    }

    @Override
    public String key(Long value) {
      return value.toString();
    }
  }

  /** float: double precision. */
  record Real() implements Single<Double> {
    @Override
    public void write(Double value, ValueSink out) {
      out.real(value);
    }

    @Override
    public Double read(Value value, String field) {
      return Reading.real(value, field);
    }

    @Override
    public Double zero() {
      return 0.0;
    }
  }

  /** bool. */
  record Flag() implements Single<Boolean> {
    @Override
    public void write(Boolean value, ValueSink out) {
      out.flag(value);
    }

    @Override
    public Boolean read(Value value, String field) {
      return Reading.flag(value, field);
    }

    @Override
    public Boolean zero() {
      return false;
    }
  }

  /** datetime: UTC, whole seconds; the epoch means never. */
  record Moment() implements Single<Instant> {
    @Override
    public void write(Instant value, ValueSink out) {
      out.moment(DateText.format(value));
    }

    @Override
    public Instant read(Value value, String field) {
      return Reading.moment(value, field);
    }

    @Override
    public Instant zero() {
      return Instant.EPOCH;
    }
  }

  /** A datetime without a zone; only ever written. */
  record LocalMoment() implements Single<LocalDateTime> {
    @Override
    public void write(LocalDateTime value, ValueSink out) {
      out.moment(DateText.format(value));
    }

    @Override
    public LocalDateTime read(Value value, String field) {
      throw ApiErrors.fieldTypeError(field);
    }

    @Override
    public LocalDateTime zero() {
      return LocalDateTime.of(1970, 1, 1, 0, 0);
    }
  }

  /**
   * An enum.
   *
   * @param zero the value that stands where nothing was said
   * @param wireText of a value
   * @param parse wire text to value; throws {@link IllegalArgumentException} for any other
   */
  record Enumeration<E extends Enum<E>>(
      E zero, Function<E, String> wireText, Function<String, E> parse) implements Single<E> {
    @Override
    public void write(E value, ValueSink out) {
      out.text(wireText.apply(value));
    }

    @Override
    public E read(Value value, String field) {
      String text = Reading.text(value, field);
      try {
        return parse.apply(text);
      } catch (IllegalArgumentException _) {
        throw ApiErrors.invalidValue(field, text);
      }
    }

    @Override
    public String key(E value) {
      return wireText.apply(value);
    }
  }

  /**
   * A reference.
   *
   * @param apiClass name of the class referred to
   */
  record Reference<R extends ApiRecord>(String apiClass) implements Single<Ref<R>> {
    @Override
    public void write(Ref<R> value, ValueSink out) {
      out.text(value.text());
    }

    @Override
    public Ref<R> read(Value value, String field) {
      return Ref.of(Reading.text(value, field));
    }

    @Override
    public Ref<R> zero() {
      return Ref.none();
    }

    @Override
    public String key(Ref<R> value) {
      return value.text();
    }
  }

  /** A set of references, enum values or records; the order in which members came is kept. */
  record SetOf<T>(Type<T> member) implements AnySet<T, Set<T>> {
    @Override
    public Set<T> read(Value value, String field) {
      List<Value> items = Reading.items(value, field);
      Set<T> set = LinkedHashSet.newLinkedHashSet(items.size());
      for (Value item : items) {
        set.add(member.read(item, field));
      }
      return set.isEmpty() ? Set.of() : Collections.unmodifiableSet(set);
    }

    @Override
    public Set<T> zero() {
      return Set.of();
    }
  }

  /** A set of plain values: a list, since an error's parameters may well be equal. */
  record ListOf<T>(Type<T> member) implements AnySet<T, List<T>> {
    @Override
    public List<T> read(Value value, String field) {
      return Reading.items(value, field).stream().map(item -> member.read(item, field)).toList();
    }

    @Override
    public List<T> zero() {
      return List.of();
    }
  }

  /** A map; the order in which entries came is kept. */
  record MapOf<K, V>(Type<K> keys, Type<V> values) implements Type<Map<K, V>> {
    @Override
    public void write(Map<K, V> value, ValueSink out) {
      out.beginStructure();
      value.forEach((k, v) -> {
        out.member(keys.key(k));
        values.write(v, out);
      });
      out.endStructure();
    }

    @Override
    public Map<K, V> read(Value value, String field) {
      Map<String, Value> members = Reading.members(value, field);
      Map<K, V> map = LinkedHashMap.newLinkedHashMap(members.size());
      members.forEach((k, v) -> map.put(keys.fromKey(k, field), values.read(v, field)));
      return map.isEmpty() ? Map.of() : Collections.unmodifiableMap(map);
    }

    @Override
    public Map<K, V> zero() {
      return Map.of();
    }
  }

  /**
   * A record of a class, as a structure of its visible fields.
   *
   * @param apiClass supplied late, since classes refer to each other
   */
  record RecordOf<R extends ApiRecord>(Supplier<ApiClass<R>> apiClass) implements Single<R> {
    @Override
    public void write(R value, ValueSink out) {
      apiClass.get().write(value, out);
    }

    @Override
    public R read(Value value, String field) {
      return apiClass.get().construct(Reading.members(value, field));
    }

    @Override
    public R zero() {
      return apiClass.get().blank();
    }
  }

  /**
   * A value that only ever leaves the server, in a shape of its own.
   *
   * @param writer writes it
   */
  record Outgoing<T>(BiConsumer<T, ValueSink> writer) implements Single<T> {
    @Override
    public void write(T value, ValueSink out) {
      writer.accept(value, out);
    }

    @Override
    public T read(Value value, String field) {
      throw ApiErrors.fieldTypeError(field);
    }

    @Override
    public T zero() {
      throw new IllegalStateException("an outgoing value has no zero");
    }
  }
}
