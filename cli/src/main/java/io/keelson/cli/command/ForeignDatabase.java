package io.keelson.cli.command;

import io.keelson.cli.call.Api;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import java.io.IOException;

/** The database of a lost pool, on a disk that its repository has brought along. */
public final class ForeignDatabase {
  /** What is done in a session of its own. */
  @FunctionalInterface
  public interface Deed {
    void in(Api database) throws IOException;
  }

  private ForeignDatabase() {}

  public static boolean isNamed(Invocation invocation) {
    return invocation.line().map("database").containsKey("vdi-uuid");
  }

  /** Opens the one that the command names. */
  public static void open(Invocation invocation, Deed deed) throws IOException {
    String uuid = invocation.line().map("database").get("vdi-uuid");
    if (uuid == null) {
      throw CommandException.failed(
          "A parameter of the form 'database:vdi-uuid=<uuid>' must be specified to run this"
              + " command.");
    }
    String disk = Arguments.byUuid(invocation, "VDI", uuid);
    Api database = invocation.api().in(Values.text(invocation.call("VDI.open_database", disk)));
    try {
      deed.in(database);
    } finally {
      database.call("session.logout");
    }
  }
}
