package io.keelson.cli.command;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * A command, and what help says of it.
 *
 * @param required names of parameters that it cannot be without
 * @param optional names of others that it knows; one that ends in a colon is a map
 */
public record Command(
    String name,
    List<String> required,
    List<String> optional,
    String help,
    Set<Mark> marks,
    Work work) {
  /** What else there is to know of a command. */
  public enum Mark {
    /** It is among those that help lists first. */
    STANDARD,
    /** Help lists it nowhere. */
    HIDDEN,
    /** It is done with the VMs that the parameters select. */
    VM_SELECTORS,
    /** It is done with the hosts that the parameters select. */
    HOST_SELECTORS,
    /** It is done with the repositories that the parameters select. */
    SR_SELECTORS,
    /** It is meant for one host alone, in an emergency. */
    LOCAL_SESSION,
    /** It asks the API nothing. */
    WITHOUT_LOGIN
  }

  /** What a command does. */
  @FunctionalInterface
  public interface Work {
    void run(Invocation invocation) throws IOException;
  }

  public Command {
    required = List.copyOf(required);
    optional = List.copyOf(optional);
    marks = Set.copyOf(marks);
  }

  public static Command of(
      String name,
      List<String> required,
      List<String> optional,
      String help,
      Work work,
      Mark... marks) {
    return new Command(name, required, optional, help, Set.of(marks), work);
  }

  /**
   * A command that calls a message on the one object whose uuid it is given.
   *
   * @param message {@code Class.message}
   */
  public static Command onOne(String name, String help, String message, Mark... marks) {
    String apiClass = message.substring(0, message.indexOf('.'));
    return of(
        name,
        List.of("uuid"),
        List.of(),
        help,
        invocation -> invocation.call(message, Arguments.object(invocation, apiClass, "uuid")),
        marks);
  }

  public boolean has(Mark mark) {
    return marks.contains(mark);
  }
}
