package io.keelson.image;

import java.io.IOException;

/** An image or an archive cannot be read. */
public final class ImageException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Flaw flaw;

  public ImageException(Flaw flaw) {
    super(flaw.why());
    this.flaw = flaw;
  }

  /** {@link Flaw.Malformed}. */
  public static ImageException malformed(String why) {
    return new ImageException(new Flaw.Malformed(why));
  }

  /** {@link Flaw.PrematureEnd}. */
  public static ImageException prematureEnd() {
    return new ImageException(new Flaw.PrematureEnd());
  }

  public Flaw flaw() {
    return flaw;
  }
}
