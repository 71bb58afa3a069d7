package io.keelson.store.codec;

/** What kind of value follows; the codes are part of the format of the files. */
enum Tag {
  /** End of a sequence or structure. */
  END(0),
  /** Text as UTF-8. */
  TEXT(1),
  /** Text that is no proper Unicode, as 16-bit units. */
  UNITS(2),
  /** Text that is a uuid in its usual form. */
  UUID(3),
  /** Text that is a reference with a uuid. */
  REF(4),
  WHOLE(5),
  REAL(6),
  YES(7),
  NO(8),
  /** A date and time, as seconds since the epoch. */
  MOMENT(9),
  NOTHING(10),
  SEQUENCE(11),
  STRUCTURE(12);

  private static final Tag[] BY_CODE = new Tag[13];

  static {
    for (Tag tag : values()) {
      BY_CODE[tag.code] = tag;
    }
  }

  private final byte code;

  Tag(int code) {
    this.code = (byte) code;
  }

  byte code() {
    return code;
  }

  static Tag of(int code) {
    if (code < 0 || code >= BY_CODE.length) {
      throw new MalformedException("no such kind of value: " + code);
    }
    return BY_CODE[code];
  }
}
