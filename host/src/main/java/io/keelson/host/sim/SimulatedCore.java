package io.keelson.host.sim;

import io.keelson.host.DiskSource;
import java.util.OptionalLong;

/** A core that has a size and no bytes. */
final class SimulatedCore {
  private static final String FOLDER = "/simulated/cores/";

  private SimulatedCore() {}

  static DiskSource of(long bytes) {
    return new DiskSource(FOLDER + bytes, DiskSource.Format.RAW);
  }

  /** How large it is; empty for what is no core. */
  static OptionalLong size(DiskSource source) {
    return source.location().startsWith(FOLDER)
        ? OptionalLong.of(Long.parseLong(source.location().substring(FOLDER.length())))
        : OptionalLong.empty();
  }
}
