package io.keelson.cli.command.device;

import io.keelson.api.ApiError;
import io.keelson.api.Value;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.ErrorText;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.record.Item;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The drives of VMs, as several families of commands deal with them. */
public final class Drives {
  public static final String DISK = "Disk";
  public static final String CD = "CD";
  private static final Set<String> RUNS = Set.of("Running", "Paused");

  private Drives() {}

  /** The drives of a VM that are of a type, by their records. */
  public static List<Map.Entry<String, Map<String, Value>>> of(
      Invocation invocation, Item vm, String type) {
    return Values.texts(vm.field("VBDs")).stream()
        .map(ref -> Map.entry(ref, Values.members(invocation.call("VBD.get_record", ref))))
        .filter(drive -> text(drive.getValue(), "type").equals(type))
        .toList();
  }

  /** The references of the drives of a VM that fit. */
  public static List<String> of(
      Invocation invocation, Item vm, String type, Predicate<Map<String, Value>> fits) {
    return of(invocation, vm, type).stream()
        .filter(drive -> fits.test(drive.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  public static String text(Map<String, Value> drive, String field) {
    return Values.text(Values.member(drive, field));
  }

  public static boolean isEmpty(Map<String, Value> drive) {
    return Values.flag(Values.member(drive, "empty"));
  }

  /** What a drive is created from. */
  public static Map<String, Value> record(
      String vm, String vdi, String device, String type, String mode) {
    Map<String, Value> vbd = new LinkedHashMap<>();
    vbd.put("VM", new Value.Text(vm));
    vbd.put("VDI", new Value.Text(vdi));
    vbd.put("userdevice", new Value.Text(device));
    vbd.put("bootable", new Value.Flag(false));
    vbd.put("mode", new Value.Text(mode));
    vbd.put("type", new Value.Text(type));
    vbd.put("unpluggable", new Value.Flag(true));
    vbd.put("empty", new Value.Flag(false));
    vbd.put("qos_algorithm_type", new Value.Text(""));
    vbd.put("qos_algorithm_params", Values.of(Map.of()));
    vbd.put("other_config", Values.of(Map.of()));
    return vbd;
  }

  public static String create(Invocation invocation, Map<String, Value> record) {
    return Values.text(invocation.call("VBD.create", List.of(new Value.Structure(record))));
  }

  /**
   * Lets a VM that runs see a new drive at once. One that cannot sees it when it starts next, and
   * the user reads why.
   */
  public static void plug(Invocation invocation, String vm, String vbd) throws IOException {
    if (!RUNS.contains(Values.text(invocation.call("VM.get_power_state", vm)))) {
      return;
    }
    try {
      invocation.call("VBD.plug", vbd);
    } catch (ApiError error) {
      List<String> why =
          Stream.concat(
                  Stream.of("The VM will see it when it starts next:"),
                  ErrorText.lines(error, invocation.api().server()).stream())
              .toList();
      for (String line : why) {
        invocation.terminal().printError(line + "\n");
      }
    }
  }
}
