package io.keelson.host.storage;

import io.keelson.host.DriverException;
import io.keelson.host.StorageFault;

/** What a driver raises. */
public final class Raised {
  private Raised() {}

  public static DriverException by(Runnable call) {
    try {
      call.run();
    } catch (DriverException e) {
      return e;
    }
    throw new AssertionError("nothing was raised");
  }

  public static StorageFault fault(Runnable call) {
    DriverException raised = by(call);
    return raised.fault().orElseThrow(() -> raised);
  }
}
