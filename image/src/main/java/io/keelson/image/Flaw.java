package io.keelson.image;

/** What is wrong with an image or an archive. */
public sealed interface Flaw {
  /** For people. */
  String why();

  /** It does not follow its format, or asks for what nobody should do for it. */
  record Malformed(String why) implements Flaw {}

  /** It ends in the middle. */
  record PrematureEnd() implements Flaw {
    @Override
    public String why() {
      return "the data ends too early";
    }
  }

  /** A file of an archive has another name than the one that must come next. */
  record UnexpectedFile(String expected, String found) implements Flaw {
    @Override
    public String why() {
      return "expected " + expected + ", found " + found;
    }
  }

  /** What is in a file of an archive does not have the checksum that is beside it. */
  record WrongChecksum(String file) implements Flaw {
    @Override
    public String why() {
      return file + " is damaged: its checksum does not match";
    }
  }

  /** It is well-formed, and larger than its format or its reader allows. */
  record TooLarge(long bytes, long most) implements Flaw {
    @Override
    public String why() {
      return bytes + " bytes are more than the " + most + " that are allowed";
    }
  }
}
