package io.keelson.host.qemu;

import io.keelson.host.Devices;
import io.keelson.host.DomainListener.Change;
import io.keelson.host.DriverException;
import io.keelson.host.qemu.qmp.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes over the domains that an earlier server left running. */
final class Adoption {
  private static final Logger log = LoggerFactory.getLogger(Adoption.class);

  /** QEMU's trace of a guest's power-off; a reboot leaves none. */
  private static final String POWERED_OFF = "qemu_system_shutdown_request";

  private final Path folders;
  private final QemuSettings settings;
  private final Launcher launcher;
  private final Devices devices;
  private final LiveDomains domains;

  Adoption(
      Path folders,
      QemuSettings settings,
      Launcher launcher,
      Devices devices,
      LiveDomains domains) {
    this.folders = folders;
    this.settings = settings;
    this.launcher = launcher;
    this.devices = devices;
    this.domains = domains;
  }

  /**
   * @param died hears of domains whose processes are gone
   */
  void run(UUID host, Consumer<UUID> died) {
    settleMoves();
    Map<RunFolder, QemuProcess> running = QemuProcess.running(folders);
    RunFolder.list(folders).parallelStream()
        .forEach(vm ->
            domains.adopt(
                vm,
                () -> {
                  RunFolder folder = RunFolder.of(folders, vm);
                  one(host, vm, folder, Optional.ofNullable(running.get(folder)), died);
                }));
  }

  /**
   * Of a domain that an earlier server was moving, leaves the end that counts: where it arrived if
   * the folders have changed names, else where it was.
   */
  private void settleMoves() {
    Map<RunFolder, QemuProcess> running = QemuProcess.running(folders);
    for (UUID vm : RunFolder.list(folders)) {
      RunFolder arriving = RunFolder.arriving(folders, vm);
      RunFolder left = RunFolder.left(folders, vm);
      if (arriving.exists() || left.exists()) {
        domains.adopt(vm, () -> settleMove(vm, arriving, left, running));
      }
    }
  }

  private void settleMove(
      UUID vm, RunFolder arriving, RunFolder left, Map<RunFolder, QemuProcess> running) {
    try {
      remove(arriving, running);
      if (!RunFolder.of(folders, vm).exists()) {
        left.become(RunFolder.of(folders, vm));
      } else {
        remove(left, running);
      }
    } catch (DriverException e) {
      log.error("What an earlier server left of the move of {} stays", vm, e);
    }
  }

  private void remove(RunFolder folder, Map<RunFolder, QemuProcess> running) {
    TpmProcess.kill(settings, folder);
    Optional.ofNullable(running.get(folder)).ifPresent(this::end);
    folder.delete();
  }

  private void end(QemuProcess left) {
    left.kill();
    if (!left.awaitGone(settings.command())) {
      log.error("Process {} does not end, even when killed", left.pid());
    }
  }

  /** It ends by itself only when QEMU has, and had connected to it. */
  private void endTpm(RunFolder folder, boolean justNow) {
    if (justNow) {
      TpmProcess.awaitEnd(settings, folder);
    } else {
      TpmProcess.kill(settings, folder);
    }
  }

  private void one(
      UUID host, UUID vm, RunFolder folder, Optional<QemuProcess> process, Consumer<UUID> died) {
    Optional<DomainRecord> record = folder.load();
    if (process.isPresent() && record.isPresent()) {
      try {
        takeOver(host, record.get(), folder, process.get());
        return;
      } catch (DriverException e) {
        log.warn("Domain {} cannot be taken over and is ended: {}", vm, e.getMessage());
      }
    }
    process.ifPresent(this::end);
    if (record.map(known -> known.spec().tpm().isPresent()).orElse(true)) {
      endTpm(folder, process.isPresent());
    }
    record.ifPresent(known -> devices.release(host, known.spec().devices()));
    folder.delete();
    died.accept(vm);
  }

  private void takeOver(UUID host, DomainRecord record, RunFolder folder, QemuProcess process) {
    LiveDomain domain = launcher.connect(host, record, folder, process);
    try {
      setReboot(domain, "shutdown");
      Migration.abandon(domain); // what an earlier server was saving, nobody reads any more
      if (folder.goesOn()) {
        goOn(domain);
      }
      domain.agent().listens(hasOpenPort(domain));
      DiskRecords.correctAll(domain);
      String status = domain.query("query-status").text("status").orElse("");
      domains.put(domain);
      switch (status) {
        case "running" -> domain.run(LiveDomain.Run.RUNNING);
        case "shutdown" -> {
          if (folder.log().contains(POWERED_OFF)) {
            domain.later(domain::guestEnded);
          } else {
            domain.hold(Change.REBOOTED);
          }
        }
        case "guest-panicked" -> domain.hold(Change.CRASHED);
        default -> domain.run(LiveDomain.Run.PAUSED);
      }
      domain.known();
    } catch (DriverException e) {
      domain.end();
      domain.close();
      boolean _ = domains.remove(domain);
      throw e;
    }
  }

  /** A guest that an earlier server was moving runs, at whichever end it is. */
  private static void goOn(LiveDomain domain) {
    String status = domain.query("query-status").text("status").orElse("");
    if (status.equals("postmigrate") || status.equals("paused")) {
      domain.execute("cont");
    }
    domain.folder().goesOn(false);
  }

  static boolean hasOpenPort(LiveDomain domain) {
    return domain.execute("query-chardev") instanceof Json.Items(List<Json> devices)
        && devices.stream()
            .anyMatch(device ->
                device instanceof Json.Members members
                    && members.text("label").orElse("").equals("agent")
                    && members.isTrue("frontend-open"));
  }

  /** Leaves a domain to itself: with nobody to decide, its reboots happen in place. */
  static void letGo(LiveDomain domain) {
    try {
      setReboot(domain, "reset");
    } catch (DriverException e) {
      // It ends just now, or is stopped; then a reboot waits for the next adoption.
    }
    domain.leave();
  }

  private static void setReboot(LiveDomain domain, String action) {
    domain.execute("set-action", Json.object().put("reboot", action));
  }
}
