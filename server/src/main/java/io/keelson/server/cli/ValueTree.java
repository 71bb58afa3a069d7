package io.keelson.server.cli;

import io.keelson.api.EncodedOnce;
import io.keelson.api.Reply;
import io.keelson.api.Value;
import io.keelson.api.ValueSink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns a reply into values, as a client would have read them from a wire. */
final class ValueTree implements ValueSink {
  /** A sequence or a structure that is not at its end. */
  private sealed interface Open {
    record Items(List<Value> items) implements Open {}

    record Members(Map<String, Value> members) implements Open {}
  }

  private final Deque<Open> open = new ArrayDeque<>();
  private final Deque<String> names = new ArrayDeque<>();
  private Value result = new Value.Nothing();

  private ValueTree() {}

  static Value of(Reply reply) {
    ValueTree tree = new ValueTree();
    reply.writeTo(tree);
    return tree.result;
  }

  private void put(Value value) {
    switch (open.peek()) {
      case null -> result = value;
      case Open.Items(List<Value> items) -> items.add(value);
      case Open.Members(Map<String, Value> members) -> members.put(names.pop(), value);
    }
  }

  @Override
  public void text(String text) {
    put(new Value.Text(text));
  }

  @Override
  public void whole(long number) {
    put(new Value.Whole(number));
  }

  @Override
  public void count(int number) {
    put(new Value.Whole(number));
  }

  @Override
  public void real(double number) {
    put(new Value.Real(number));
  }

  @Override
  public void flag(boolean on) {
    put(new Value.Flag(on));
  }

  @Override
  public void moment(String text) {
    put(new Value.Moment(text));
  }

  @Override
  public void nothing() {
    put(new Value.Nothing());
  }

  @Override
  public void beginSequence() {
    open.push(new Open.Items(new ArrayList<>()));
  }

  @Override
  public void endSequence() {
    end();
  }

  @Override
  public void beginStructure() {
    open.push(new Open.Members(new LinkedHashMap<>()));
  }

  @Override
  public void member(String name) {
    names.push(name);
  }

  @Override
  public void endStructure() {
    end();
  }

  private void end() {
    put(
        switch (open.pop()) {
          case Open.Items(List<Value> items) -> new Value.Sequence(items);
          case Open.Members(Map<String, Value> members) -> new Value.Structure(members);
        });
  }

  @Override
  public void shared(EncodedOnce value) {
    value.writeTo(this);
  }
}
