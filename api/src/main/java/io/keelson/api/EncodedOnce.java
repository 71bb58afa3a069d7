package io.keelson.api;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value that is written out many times and encoded once a wire format: an object's record, a
 * whole table. A thousand watchers of one change then cost one encoding.
 */
public final class EncodedOnce {
  private final Consumer<ValueSink> writer;
  private final AtomicReference<@Nullable ByteBuffer> xml = new AtomicReference<>();
  private final AtomicReference<@Nullable ByteBuffer> json = new AtomicReference<>();

  /**
   * @param writer writes the value; called at most a few times, always with the same outcome
   */
  public EncodedOnce(Consumer<ValueSink> writer) {
    this.writer = writer;
  }

  public void writeTo(ValueSink sink) {
    writer.accept(sink);
  }

  /**
   * The value's bytes in a format.
   *
   * @param encoder makes them the first time; two threads may both make them, one result is kept
   * @return a read-only view of its own position and limit
   */
  public ByteBuffer in(WireFormat format, Function<Consumer<ValueSink>, ByteBuffer> encoder) {
    AtomicReference<@Nullable ByteBuffer> encoding =
        switch (format) {
          case XML_RPC -> xml;
          case JSON_RPC -> json;
        };
    ByteBuffer kept = encoding.get();
    if (kept == null) {
      kept = encoder.apply(writer);
      encoding.set(kept);
    }
    return kept.asReadOnlyBuffer();
  }
}
