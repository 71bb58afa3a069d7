package io.keelson.cli.command.device;

import io.keelson.api.ApiError;
import io.keelson.api.ErrorCode;
import io.keelson.api.Ref;
import io.keelson.api.Value;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Results;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Drives: made and removed, plugged and unplugged, with CDs put in and taken out. */
public final class VbdCommands {
  private static final String VDI = "vdi-uuid";
  private static final String TIMEOUT = "timeout";
  private static final double NANOS = Duration.ofSeconds(1).toNanos();

  private VbdCommands() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "vbd-create",
            List.of("vm-uuid", "device"),
            List.of(VDI, "bootable", "type", "mode", "unpluggable"),
            "Makes a drive of a VM: type=Disk or CD, mode=RO or RW. Without a disk it is an empty CD"
                + " drive. The VM's parameter allowed-VBD-devices has the devices that are free.",
            VbdCommands::create),
        Command.onOne("vbd-destroy", "Removes a drive; its disk stays.", "VBD.destroy"),
        Command.of(
            "vbd-insert",
            List.of("uuid", VDI),
            List.of(),
            "Puts a CD into a drive.",
            invocation ->
                invocation.call(
                    "VBD.insert", vbd(invocation), Arguments.object(invocation, "VDI", VDI))),
        Command.onOne("vbd-eject", "Takes the CD out of a drive.", "VBD.eject"),
        Command.onOne("vbd-plug", "Lets the VM, which runs, see a drive.", "VBD.plug"),
        Command.of(
            "vbd-unplug",
            List.of("uuid"),
            List.of(TIMEOUT, "force"),
            "Takes a drive from its VM, which runs. With timeout=<seconds> the VM is given that long"
                + " to let go of it; with --force it is not asked.",
            VbdCommands::unplug));
  }

  private static String vbd(Invocation invocation) {
    return Arguments.object(invocation, "VBD", "uuid");
  }

  private static void create(Invocation invocation) throws IOException {
    String vm = Arguments.object(invocation, "VM", "vm-uuid");
    Optional<String> disk =
        invocation.get(VDI).map(uuid -> Arguments.byUuid(invocation, "VDI", uuid));
    String type = oneOf(invocation, "type", Map.of("cd", Drives.CD, "disk", Drives.DISK), "disk");
    String mode = oneOf(invocation, "mode", Map.of("ro", "RO", "rw", "RW"), "rw");
    if (type.equals(Drives.DISK) && disk.isEmpty()) {
      throw CommandException.failed("Empty VBDs can only be made for type=CD");
    }
    Map<String, Value> drive =
        Drives.record(
            vm, disk.orElse(Ref.none().text()), invocation.required("device"), type, mode);
    drive.put("empty", new Value.Flag(disk.isEmpty()));
    drive.put("bootable", Arguments.flag(invocation, "bootable"));
    drive.put(
        "unpluggable",
        new Value.Flag(invocation.get("unpluggable").isEmpty() || invocation.flag("unpluggable")));
    Results.print(invocation, "VBD", Drives.create(invocation, drive));
  }

  /** A parameter whose capitals do not matter. */
  private static String oneOf(
      Invocation invocation, String parameter, Map<String, String> words, String usual) {
    String typed = invocation.get(parameter).orElse(usual);
    String meant = words.get(typed.toLowerCase(Locale.ROOT));
    if (meant == null) {
      throw CommandException.failed(
          "Unknown %s: %s (should be %s)"
              .formatted(
                  parameter,
                  typed,
                  String.join(
                      " or ", words.keySet().stream().sorted().map(w -> '"' + w + '"').toList())));
    }
    return meant;
  }

  private static void unplug(Invocation invocation) {
    String vbd = vbd(invocation);
    double seconds = seconds(invocation);
    try {
      invocation.call(invocation.flag("force") ? "VBD.unplug_force" : "VBD.unplug", vbd);
    } catch (ApiError error) {
      if (error.code() != ErrorCode.DEVICE_DETACH_REJECTED || !letGo(invocation, vbd, seconds)) {
        throw error;
      }
    }
  }

  private static double seconds(Invocation invocation) {
    try {
      return invocation.get(TIMEOUT).map(Double::parseDouble).orElse(0.0);
    } catch (NumberFormatException _) {
      throw CommandException.failed("Failed to parse parameter 'timeout': expecting a float");
    }
  }

  /** Waits for the guest to do later what it would not do at once. */
  private static boolean letGo(Invocation invocation, String vbd, double seconds) {
    long until = System.nanoTime() + (long) (seconds * NANOS);
    String token = "";
    while (Values.flag(invocation.call("VBD.get_currently_attached", vbd))) {
      double left = (until - System.nanoTime()) / NANOS;
      if (left <= 0) {
        return false;
      }
      token =
          Values.text(
              Values.member(
                  Values.members(
                      invocation.call(
                          "event.from",
                          List.of(
                              Values.of(List.of("VBD/" + vbd)),
                              new Value.Text(token),
                              new Value.Real(left)))),
                  "token"));
    }
    return true;
  }
}
