package io.keelson.cli.command.storage;

import io.keelson.api.Ref;
import io.keelson.api.Value;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Results;
import io.keelson.cli.command.Work;
import io.keelson.cli.record.ByteCount;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Disks: made, introduced, copied, resized and removed. Their contents are {@link VdiFiles}'. */
public final class VdiCommands {
  private static final String SR = "sr-uuid";
  private static final String INTO = "into-vdi-uuid";
  private static final String BASE = "base-vdi-uuid";
  private static final Set<String> TYPES = Set.of("system", "user", "suspend", "crashdump");

  private VdiCommands() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "vdi-create",
            List.of(SR, "name-label", "virtual-size"),
            List.of("sm-config:", "sharable", "tags:", "type"),
            "Makes a disk. Its type is system, user, suspend or crashdump.",
            VdiCommands::create),
        onOne("vdi-destroy", "Destroys a disk.", "destroy"),
        onOne("vdi-forget", "Forgets a disk; what is on it stays.", "forget"),
        onOne("vdi-update", "Reads the parameters of a disk anew from its repository.", "update"),
        Command.of(
            "vdi-introduce",
            List.of("uuid", SR, "type", "location"),
            List.of(
                "name-description",
                "sharable",
                "read-only",
                "other-config:",
                "xenstore-data:",
                "sm-config:",
                "name-label"),
            "Lets the pool know a disk that is in a repository.",
            VdiCommands::introduce),
        Command.of(
            "vdi-resize",
            List.of("uuid", "disk-size"),
            List.of("online"),
            "Changes the size of a disk; with online=true while a VM has it.",
            VdiCommands::resize),
        Command.of(
            "vdi-copy",
            List.of("uuid"),
            List.of(SR, BASE, INTO),
            "Copies a disk whole, or what sets it apart from another: to a repository, or into a"
                + " disk that is there.",
            VdiCommands::copy),
        Command.of(
            "vdi-pool-migrate",
            List.of("uuid", SR),
            List.of(),
            "Moves a disk to another repository while a VM that runs has it.",
            VdiCommands::migrate),
        Command.of(
            "vdi-clone",
            List.of("uuid"),
            List.of("driver-params-", "new-name-label", "new-name-description"),
            "Clones a disk, in no time where its repository can.",
            VdiCommands::cloned),
        Command.of(
            "vdi-snapshot",
            List.of("uuid"),
            List.of("driver-params-"),
            "Takes a snapshot of a disk.",
            invocation -> made(invocation, "VDI.snapshot", drivers(invocation))));
  }

  private static Command onOne(String name, String help, String message) {
    return Command.of(
        name,
        List.of("uuid"),
        List.of(),
        help,
        invocation ->
            Work.done(invocation, "VDI." + message, List.of(new Value.Text(vdi(invocation)))));
  }

  private static String vdi(Invocation invocation) {
    return Arguments.object(invocation, "VDI", "uuid");
  }

  private static String type(Invocation invocation, String usual) {
    String type = invocation.get("type").orElse(usual);
    if (!TYPES.contains(type)) {
      throw CommandException.failed("Unknown vdi type: " + type);
    }
    return type;
  }

  private static void create(Invocation invocation) throws IOException {
    Map<String, Value> vdi = new LinkedHashMap<>();
    vdi.put("name_label", new Value.Text(invocation.required("name-label")));
    vdi.put("name_description", new Value.Text(""));
    vdi.put("SR", Arguments.reference(invocation, "SR", SR));
    vdi.put(
        "virtual_size",
        new Value.Whole(ByteCount.of("virtual-size", invocation.required("virtual-size"))));
    vdi.put("type", new Value.Text(type(invocation, "user")));
    vdi.put("sharable", Arguments.flag(invocation, "sharable"));
    vdi.put("read_only", new Value.Flag(false));
    vdi.put("other_config", Values.of(Map.of()));
    vdi.put("sm_config", Arguments.map(invocation, "sm-config"));
    vdi.put("tags", Values.of(List.copyOf(invocation.line().map("tags").keySet())));
    made(invocation, "VDI.create", List.of(new Value.Structure(vdi)));
  }

  private static void introduce(Invocation invocation) throws IOException {
    Value none = new Value.Text(Ref.none().text());
    made(
        invocation,
        "VDI.introduce",
        List.of(
            Arguments.text(invocation, "uuid"),
            Arguments.text(invocation, "name-label"),
            Arguments.text(invocation, "name-description"),
            Arguments.reference(invocation, "SR", SR),
            new Value.Text(type(invocation, "")),
            Arguments.flag(invocation, "sharable"),
            Arguments.flag(invocation, "read-only"),
            Arguments.map(invocation, "other-config"),
            Arguments.text(invocation, "location"),
            Arguments.map(invocation, "xenstore-data"),
            Arguments.map(invocation, "sm-config"),
            new Value.Flag(invocation.get("managed").isEmpty() || invocation.flag("managed")),
            new Value.Whole(0),
            new Value.Whole(0),
            none,
            new Value.Flag(false),
            new Value.Moment("19700101T00:00:00Z"),
            none));
  }

  private static void resize(Invocation invocation) throws IOException {
    String vdi = vdi(invocation);
    long size = ByteCount.of("disk-size", invocation.required("disk-size"));
    String _ =
        Work.done(
            invocation,
            invocation.flag("online") ? "VDI.resize_online" : "VDI.resize",
            List.of(new Value.Text(vdi), new Value.Whole(size)));
  }

  private static void copy(Invocation invocation) throws IOException {
    Optional<String> sr = invocation.get(SR);
    Optional<String> into = invocation.get(INTO);
    if (sr.isPresent() == into.isPresent()) {
      throw CommandException.failed(
          "Please specify one but not both of: a destination sr-uuid (I will create a fresh VDI);"
              + " or a destination into-vdi-uuid (I will copy the blocks into this VDI)");
    }
    made(
        invocation,
        "VDI.copy",
        List.of(
            new Value.Text(vdi(invocation)),
            objectOrNone(invocation, "SR", sr),
            objectOrNone(invocation, "VDI", invocation.get(BASE)),
            objectOrNone(invocation, "VDI", into)));
  }

  private static Value objectOrNone(Invocation invocation, String apiClass, Optional<String> uuid) {
    return new Value.Text(
        uuid.map(named -> Arguments.byUuid(invocation, apiClass, named)).orElse(Ref.none().text()));
  }

  private static void migrate(Invocation invocation) throws IOException {
    made(
        invocation,
        "VDI.pool_migrate",
        List.of(
            new Value.Text(vdi(invocation)),
            Arguments.reference(invocation, "SR", SR),
            Values.of(Map.of())));
  }

  private static List<Value> drivers(Invocation invocation) {
    return List.of(
        new Value.Text(vdi(invocation)),
        Values.of(Arguments.dashedMap(invocation, "driver-params")));
  }

  private static void cloned(Invocation invocation) throws IOException {
    String clone = Results.made(Work.done(invocation, "VDI.clone", drivers(invocation)));
    invocation
        .get("new-name-label")
        .ifPresent(name -> invocation.call("VDI.set_name_label", clone, name));
    invocation
        .get("new-name-description")
        .ifPresent(text -> invocation.call("VDI.set_name_description", clone, text));
    Results.print(invocation, "VDI", clone);
  }

  private static void made(Invocation invocation, String message, List<Value> parameters)
      throws IOException {
    Results.printMade(invocation, "VDI", Work.done(invocation, message, parameters));
  }
}
