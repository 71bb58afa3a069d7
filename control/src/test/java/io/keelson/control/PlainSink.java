package io.keelson.control;

import io.keelson.api.EncodedOnce;
import io.keelson.api.Reply;
import io.keelson.api.ValueSink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns what was written into plain Java values, as a client would see them. */
public final class PlainSink implements ValueSink {
  private final Deque<Object> open = new ArrayDeque<>();
  private final Deque<String> names = new ArrayDeque<>();
  private final List<Object> result = new ArrayList<>();

  private PlainSink() {}

  public static Object of(Reply reply) {
    PlainSink sink = new PlainSink();
    reply.writeTo(sink);
    return sink.result.getFirst();
  }

  @SuppressWarnings("unchecked") // only lists and maps of its own are open
  private void put(Object value) {
    Object top = open.peek();
    if (top == null) {
      result.add(value);
    } else if (top instanceof List<?> list) {
      ((List<Object>) list).add(value);
    } else {
      ((Map<String, Object>) top).put(names.pop(), value);
    }
  }

  @Override
  public void text(String text) {
    put(text);
  }

  @Override
  public void whole(long number) {
    put(number);
  }

  @Override
  public void count(int number) {
    put(number);
  }

  @Override
  public void real(double number) {
    put(number);
  }

  @Override
  public void flag(boolean on) {
    put(on);
  }

  @Override
  public void moment(String text) {
    put(text);
  }

  @Override
  public void nothing() {
    put("");
  }

  @Override
  public void beginSequence() {
    List<Object> list = new ArrayList<>();
    put(list);
    open.push(list);
  }

  @Override
  public void endSequence() {
    open.pop();
  }

  @Override
  public void beginStructure() {
    Map<String, Object> map = new LinkedHashMap<>();
    put(map);
    open.push(map);
  }

  @Override
  public void member(String name) {
    names.push(name);
  }

  @Override
  public void endStructure() {
    open.pop();
  }

  @Override
  public void shared(EncodedOnce value) {
    value.writeTo(this);
  }
}
