package io.keelson.cli.command.vm;

import io.keelson.api.Ref;
import io.keelson.api.Value;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Work;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A VM that is taken away with all that is its own: the disks it owns, and its memory image. */
final class VmRemoval {
  /** In the other_config of a drive: the disk goes with the VM. */
  static final String OWNER = "owner";

  private final Invocation invocation;
  private final String vm;
  private final Map<String, Value> record;
  private final Set<String> disks = new LinkedHashSet<>();
  private final String image;

  VmRemoval(Invocation invocation, String vm) {
    this.invocation = invocation;
    this.vm = vm;
    this.record = Values.members(invocation.call("VM.get_record", vm));
    for (String drive : Values.texts(Values.member(record, "VBDs"))) {
      Map<String, Value> vbd = Values.members(invocation.call("VBD.get_record", drive));
      String disk = Values.text(Values.member(vbd, "VDI"));
      if (!isNull(disk) && Values.map(Values.member(vbd, "other_config")).containsKey(OWNER)) {
        disks.add(disk);
      }
    }
    this.image = Values.text(Values.member(record, "suspend_VDI"));
  }

  /** What will be gone, line by line. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("VM : %s (%s)".formatted(text(record, "uuid"), text(record, "name_label")));
    disks.forEach(disk -> lines.add(line(disk)));
    if (!isNull(image)) {
      lines.add(line(image));
    }
    return lines;
  }

  private String line(String disk) {
    Map<String, Value> vdi = Values.members(invocation.call("VDI.get_record", disk));
    boolean shared = Values.items(Values.member(vdi, "VBDs")).size() > 1;
    return "VDI: %s (%s) %s"
        .formatted(
            text(vdi, "uuid"),
            text(vdi, "name_label"),
            shared ? " ** WARNING: disk is shared by other VMs" : "");
  }

  /**
   * Takes it away; the memory image goes with the VM.
   *
   * @param gone disks that went before, with a VM that owned them too
   */
  void run(Set<String> gone) throws IOException {
    if (!Values.text(invocation.call("VM.get_power_state", vm)).equals("Halted")) {
      String _ = Work.done(invocation, "VM.hard_shutdown", List.of(new Value.Text(vm)));
    }
    invocation.call("VM.destroy", vm);
    for (String disk : disks) {
      if (gone.add(disk)) {
        String _ = Work.done(invocation, "VDI.destroy", List.of(new Value.Text(disk)));
      }
    }
  }

  private static String text(Map<String, Value> record, String name) {
    return Values.text(Values.member(record, name));
  }

  private static boolean isNull(String ref) {
    return ref.equals(Ref.none().text());
  }
}
