package io.keelson.cli.command;

import io.keelson.cli.call.CommandException;
import io.keelson.cli.record.Item;
import io.keelson.cli.record.RecordKinds;

/** Hosts that a parameter names. */
public final class Hosts {
  private Hosts() {}

  /** The first host of that name, or the one of that uuid. */
  public static Item byNameOrUuid(Invocation invocation, String name) {
    return RecordKinds.HOST.all(invocation.objects()).stream()
        .filter(host ->
            RecordKinds.HOST.named("name-label").of(host).equals(name)
                || RecordKinds.HOST.named("uuid").of(host).equals(name))
        .findFirst()
        .orElseThrow(() -> CommandException.failed("Host " + name + " not found"));
  }
}
