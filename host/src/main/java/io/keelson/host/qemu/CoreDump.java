package io.keelson.host.qemu;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.host.qemu.qmp.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** Writes a domain's memory as an ELF core into its folder. Its lock is held. */
final class CoreDump {
  private static final String CORE = "core";
  private static final long LOOK_AGAIN_NANOS = 5_000_000;

  /** The folder shares its file system with the server's journal, which must never starve. */
  private static final long KEPT_FREE_BYTES = 256L << 20;

  private final LiveDomain domain;

  CoreDump(LiveDomain domain) {
    this.domain = domain;
  }

  DiskSource write(Progress progress) {
    Path core = domain.folder().path().resolve(CORE);
    finishEarlier(progress);
    clear(core);
    domain.execute(
        "dump-guest-memory",
        Json.object().put("paging", false).put("protocol", "file:" + CORE).put("detach", true));
    Json.Members result = await(progress);
    if (!result.text("status").orElse("").equals("completed")) {
      throw new DriverException(Reason.FAILED, "QEMU did not write the core to its end");
    }
    return new DiskSource(core.toString(), DiskSource.Format.RAW);
  }

  /** A server that has ended since may have begun one. */
  private void finishEarlier(Progress progress) {
    Json.Members _ = await(progress);
  }

  private void clear(Path core) {
    try {
      Files.deleteIfExists(core);
      long room = Files.getFileStore(core.getParent()).getUsableSpace();
      long needed = domain.record().spec().memoryMaxBytes() + KEPT_FREE_BYTES;
      if (room < needed) {
        throw new DriverException(
            Reason.NO_SPACE, "a core takes up to " + needed + " bytes, and " + room + " are free");
      }
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "no room for a core can be made: " + e, e);
    }
  }

  /** QEMU cannot be told to stop: when nobody wants the core any more, it is left to its end. */
  private Json.Members await(Progress progress) {
    while (true) {
      Json.Members state = domain.query("query-dump");
      if (!state.text("status").orElse("").equals("active")) {
        return state;
      }
      progress.stopIfCancelled("the core dump");
      long total = state.number("total", 0);
      if (total > 0) {
        progress.report((double) state.number("completed", 0) / total);
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }
}
