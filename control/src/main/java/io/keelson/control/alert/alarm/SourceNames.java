package io.keelson.control.alert.alarm;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which data sources are meant, as a regular expression that a client has written: one that would
 * take too long to find out means none.
 */
record SourceNames(Pattern pattern) {
  private static final int LONGEST = 500;
  private static final int MOST_STEPS = 20_000;

  /**
   * @throws PatternSyntaxException for what is no expression, or too long
   */
  static SourceNames of(String regex) {
    if (regex.length() > LONGEST) {
      throw new PatternSyntaxException("too long", "", -1);
    }
    return new SourceNames(Pattern.compile(regex));
  }

  boolean has(String name) {
    try {
      return pattern.matcher(new Counted(name, new AtomicInteger(MOST_STEPS))).matches();
    } catch (TooLong | StackOverflowError _) {
      return false;
    }
  }

  /** Text that can be looked at so many times. */
  private record Counted(CharSequence text, AtomicInteger left) implements CharSequence {
    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (left.decrementAndGet() < 0) {
        throw new TooLong();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Counted(text.subSequence(start, end), left);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }

  private static final class TooLong extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooLong() {
      super("too many steps", null, false, false);
    }
  }
}
