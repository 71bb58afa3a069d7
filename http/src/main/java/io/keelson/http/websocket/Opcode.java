package io.keelson.http.websocket;

import java.util.Optional;

/** What a frame is. */
enum Opcode {
  /** More of the message that has begun. */
  CONTINUATION(0x0),
  TEXT(0x1),
  BINARY(0x2),
  CLOSE(0x8),
  PING(0x9),
  PONG(0xA);

  private final int code;

  Opcode(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /** Whether it may stand between the frames of a message. */
  boolean isControl() {
    return code >= 0x8;
  }

  static Optional<Opcode> of(int code) {
    return switch (code) {
      case 0x0 -> Optional.of(CONTINUATION);
      case 0x1 -> Optional.of(TEXT);
      case 0x2 -> Optional.of(BINARY);
      case 0x8 -> Optional.of(CLOSE);
      case 0x9 -> Optional.of(PING);
      case 0xA -> Optional.of(PONG);
      default -> Optional.empty();
    };
  }
}
