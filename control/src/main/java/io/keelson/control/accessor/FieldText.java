package io.keelson.control.accessor;

import io.keelson.api.ApiRecord;
import io.keelson.api.EncodedOnce;
import io.keelson.api.Field;
import io.keelson.api.ValueSink;

/**
 * A field's value as the text that filters compare: plain values as they are, sets as {@code ('a'
 * 'b')}, maps as {@code (('key' 'value') ...)}.
 */
final class FieldText implements ValueSink {
  private final StringBuilder text = new StringBuilder();
  private int depth;
  private boolean inPair;

  private FieldText() {}

  static <R extends ApiRecord> String of(Field<R, ?> field, R record) {
    FieldText sink = new FieldText();
    field.write(record, sink);
    return sink.text.toString();
  }

  @Override
  public void text(String value) {
    plain(value);
  }

  @Override
  public void whole(long number) {
    plain(Long.toString(number));
  }

  @Override
  public void count(int number) {
    plain(Integer.toString(number));
  }

  @Override
  public void real(double number) {
    plain(
        number == Math.rint(number) && Math.abs(number) < 1e15
            ? Long.toString((long) number)
            : Double.toString(number));
  }

  @Override
  public void flag(boolean on) {
    plain(Boolean.toString(on));
  }

  @Override
  public void moment(String value) {
    plain(value);
  }

  @Override
  public void nothing() {
    plain("");
  }

  @Override
  public void beginSequence() {
    open();
  }

  @Override
  public void endSequence() {
    close();
  }

  @Override
  public void beginStructure() {
    open();
  }

  @Override
  public void member(String name) {
    endPair();
    separate();
    text.append('(');
    quoted(name);
    inPair = true;
  }

  @Override
  public void endStructure() {
    endPair();
    close();
  }

  @Override
  public void shared(EncodedOnce value) {
    value.writeTo(this);
  }

  private void plain(String value) {
    if (depth == 0) {
      text.append(value);
    } else {
      separate();
      quoted(value);
    }
  }

  private void quoted(String value) {
    text.append('\'').append(value).append('\'');
  }

  private void open() {
    separate();
    text.append('(');
    depth++;
    inPair = false;
  }

  private void close() {
    text.append(')');
    depth--;
  }

  private void endPair() {
    if (inPair) {
      text.append(')');
      inPair = false;
    }
  }

  private void separate() {
    if (!text.isEmpty() && text.charAt(text.length() - 1) != '(') {
      text.append(' ');
    }
  }
}
