package io.keelson.cli.thin;

import java.io.IOException;

/** The other end said something that the thin protocol does not know. */
public final class ThinProtocolException extends IOException {
  public ThinProtocolException(String what) {
    super(what);
  }
}
