package io.keelson.cli.command;

import io.keelson.api.ApiError;
import io.keelson.api.ErrorCode;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.command.CommandLine.Parameter;
import io.keelson.cli.record.Item;
import io.keelson.cli.record.RecordKind;
import io.keelson.cli.record.RecordKinds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which objects a command is done with: those that its parameters select. More than one takes
 * {@code --multiple}, and then each is tried, whatever becomes of the others.
 */
public final class Selection {
  /** Whom of the VMs a command may touch. */
  public enum Scope {
    /** Neither templates nor control domains. */
    MACHINES,
    /** Templates too. */
    WITH_TEMPLATES,
    /** Control domains too. */
    WITH_CONTROL_DOMAINS,
    /** Whatever is selected. */
    EVERYTHING
  }

  /** What is done with each. */
  @FunctionalInterface
  public interface Deed {
    void to(Item item) throws IOException;
  }

  private final Invocation invocation;
  private final RecordKind kind;
  private final String one;
  private final String many;
  private final String several;

  private Selection(
      Invocation invocation, RecordKind kind, String one, String many, String several) {
    this.invocation = invocation;
    this.kind = kind;
    this.one = one;
    this.many = many;
    this.several = several;
  }

  /** Does something with the VMs that are selected. */
  public static void ofVms(Invocation invocation, Scope scope, Set<String> parameters, Deed deed)
      throws IOException {
    vms(invocation).each(machines(invocation, scope, parameters), true, deed);
  }

  /** Does something with the one VM that is selected. */
  public static void ofVm(Invocation invocation, Scope scope, Set<String> parameters, Deed deed)
      throws IOException {
    vms(invocation).each(machines(invocation, scope, parameters), false, deed);
  }

  /** Does something with the hosts that are selected. */
  public static void ofHosts(Invocation invocation, Set<String> parameters, Deed deed)
      throws IOException {
    hosts(invocation)
        .each(named(invocation, RecordKinds.HOST, "host", Stream.of(), parameters), true, deed);
  }

  /** Does something with the one host that is selected. */
  public static void ofHost(Invocation invocation, Set<String> parameters, Deed deed)
      throws IOException {
    hosts(invocation)
        .each(named(invocation, RecordKinds.HOST, "host", Stream.of(), parameters), false, deed);
  }

  /** Does something with the one repository that is selected. */
  public static void ofSr(Invocation invocation, Set<String> parameters, Deed deed)
      throws IOException {
    new Selection(invocation, RecordKinds.SR, "SR", "SRs", "Multiple matching SRs found.")
        .each(named(invocation, RecordKinds.SR, "sr", Stream.of(), parameters), false, deed);
  }

  private static Selection vms(Invocation invocation) {
    return new Selection(invocation, RecordKinds.VM, "VM", "VMs", "Multiple matches VMs found.");
  }

  private static Selection hosts(Invocation invocation) {
    return new Selection(
        invocation, RecordKinds.HOST, "host", "hosts", "Multiple matching hosts found.");
  }

  public static List<Item> machines(Invocation invocation, Scope scope, Set<String> parameters) {
    List<Parameter> usual = new ArrayList<>();
    if (scope == Scope.MACHINES || scope == Scope.WITH_CONTROL_DOMAINS) {
      usual.add(new Parameter("is-a-template", "false"));
    }
    if (scope == Scope.MACHINES || scope == Scope.WITH_TEMPLATES) {
      usual.add(new Parameter("is-control-domain", "false"));
    }
    return named(invocation, RecordKinds.VM, "vm", usual.stream(), parameters);
  }

  /** A parameter of the kind's own name is a uuid or a name. */
  private static List<Item> named(
      Invocation invocation,
      RecordKind kind,
      String pseudo,
      Stream<Parameter> usual,
      Set<String> ofTheCommand) {
    List<Parameter> about = Filter.about(invocation.line(), ofTheCommand);
    String name = invocation.get(pseudo).orElse("");
    if (!name.isEmpty()) {
      try {
        return List.of(kind.byUuid(invocation.objects(), name));
      } catch (ApiError error) {
        if (error.code() != ErrorCode.UUID_INVALID) {
          throw error;
        }
      }
    }
    List<Parameter> wanted =
        Stream.concat(usual, about.stream())
            .map(parameter ->
                parameter.name().equals(pseudo)
                    ? new Parameter("name-label", parameter.value())
                    : parameter)
            .toList();
    return new Filter(kind).select(kind.all(invocation.objects()), wanted);
  }

  private void each(List<Item> items, boolean mayBeMany, Deed deed) throws IOException {
    if (items.isEmpty()) {
      throw CommandException.failed("No matching " + many + " found");
    }
    if (items.size() == 1) {
      deed.to(items.getFirst());
    } else if (!mayBeMany) {
      throw CommandException.failed(
          several + " Operation can only be performed on one " + one + " at a time");
    } else if (!invocation.flag("multiple")) {
      throw CommandException.failed(several + " --multiple required to complete the operation");
    } else {
      all(items, deed);
    }
  }

  private void all(List<Item> items, Deed deed) throws IOException {
    List<String> failures = new ArrayList<>();
    for (Item item : items) {
      try {
        deed.to(item);
      } catch (ApiError error) {
        failures.add(failure(item, ErrorText.lines(error, invocation.api().server())));
      } catch (CommandException wrong) {
        failures.add(failure(item, wrong.lines()));
      }
    }
    for (String failure : failures) {
      invocation.terminal().print(failure);
    }
    if (!failures.isEmpty()) {
      throw CommandException.ended(1);
    }
  }

  private String failure(Item item, List<String> lines) {
    return "operation failed on %s: %s"
        .formatted(kind.named("uuid").of(item), String.join("\n", lines));
  }
}
