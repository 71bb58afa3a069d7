package io.keelson.cli.command;

import io.keelson.api.Ref;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import java.util.Optional;

/** Repositories that disks go to. */
public final class Repositories {
  private Repositories() {}

  /** The pool's own choice, if it has one that is there. */
  public static Optional<String> usual(Invocation invocation) {
    String sr = Values.text(invocation.call("pool.get_default_SR", Arguments.pool(invocation)));
    boolean there =
        !sr.equals(Ref.none().text()) && Values.texts(invocation.call("SR.get_all")).contains(sr);
    return there ? Optional.of(sr) : Optional.empty();
  }

  /** The one of the uuid in a parameter, or else the pool's. */
  public static String named(Invocation invocation, String parameter, String without) {
    return invocation
        .get(parameter)
        .map(uuid -> Arguments.byUuid(invocation, "SR", uuid))
        .or(() -> usual(invocation))
        .orElseThrow(() -> CommandException.failed(without));
  }
}
