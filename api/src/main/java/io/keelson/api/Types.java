package io.keelson.api;

import java.time.Instant;
import java.time.LocalDateTime;

/** The types that take no argument. */
public final class Types {
  public static final Type<String> STRING = new Type.Text();
  public static final Type<Long> INT = new Type.Whole();
  public static final Type<Double> FLOAT = new Type.Real();
  public static final Type<Boolean> BOOL = new Type.Flag();
  public static final Type<Instant> DATETIME = new Type.Moment();

  /** A date and time of the host's own zone, which the wire shows without one. */
  public static final Type<LocalDateTime> LOCAL_DATETIME = new Type.LocalMoment();

  private Types() {}
}
