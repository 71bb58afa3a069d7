package io.keelson.api;

/**
 * Where a value is written to: a wire format, a journal entry, a text.
 *
 * <p>The calls of one value nest properly; a sink may rely on it.
 */
public interface ValueSink {

  void text(String text);

  void whole(long number);

  /** A count that the wire marks as a 32-bit number (valid_ref_counts of event.from). */
  void count(int number);

  void real(double number);

  void flag(boolean on);

  /**
   * @param text the date and time, formatted
   */
  void moment(String text);

  /** The value of a message that returns nothing. */
  void nothing();

  void beginSequence();

  void endSequence();

  void beginStructure();

  /** Starts a member of the innermost structure; its value follows. */
  void member(String name);

  void endStructure();

  /** Writes a value that many replies share. */
  void shared(EncodedOnce value);
}
