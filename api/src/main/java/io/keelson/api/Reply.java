package io.keelson.api;

/** What a message returned, ready to be written to any wire. */
@FunctionalInterface
public interface Reply {
  /** The reply of a message that returns nothing. */
  Reply NOTHING = ValueSink::nothing;

  void writeTo(ValueSink out);

  static <T> Reply of(Type<T> type, T value) {
    return out -> type.write(value, out);
  }
}
