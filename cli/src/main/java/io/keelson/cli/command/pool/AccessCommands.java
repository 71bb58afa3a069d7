package io.keelson.cli.command.pool;

import io.keelson.api.Value;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.FileTransfer;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Results;
import io.keelson.cli.record.Line;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Users and what they may do, their sessions, passwords and secrets, and the audit log. */
public final class AccessCommands {
  private static final List<String> NONE = List.of();
  private static final List<String> UUID = List.of("uuid");
  private static final List<String> ROLE = List.of("role-name", "role-uuid");

  private AccessCommands() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "subject-add",
            List.of("subject-name"),
            NONE,
            "Admits a user or a group of the directory.",
            AccessCommands::addSubject),
        Command.of(
            "subject-remove",
            List.of("subject-uuid"),
            NONE,
            "Admits a user or a group no more.",
            invocation ->
                invocation.call(
                    "subject.destroy", Arguments.object(invocation, "subject", "subject-uuid"))),
        Command.of(
            "subject-role-add",
            UUID,
            ROLE,
            "Gives a user or a group a role.",
            invocation -> changeRole(invocation, "subject.add_to_roles")),
        Command.of(
            "subject-role-remove",
            UUID,
            ROLE,
            "Takes a role from a user or a group.",
            invocation -> changeRole(invocation, "subject.remove_from_roles")),
        Command.of(
            "session-subject-identifier-list",
            NONE,
            NONE,
            "Lists the users of the directory who are logged in, by their identifiers.",
            AccessCommands::listUsers),
        Command.of(
            "session-subject-identifier-logout",
            List.of("subject-identifier"),
            NONE,
            "Logs a user of the directory out everywhere.",
            invocation -> logOut(invocation, invocation.required("subject-identifier"))),
        Command.of(
            "session-subject-identifier-logout-all",
            NONE,
            NONE,
            "Logs all users of the directory out.",
            invocation -> users(invocation).forEach(identifier -> logOut(invocation, identifier))),
        Command.of(
            "user-password-change",
            List.of("new"),
            List.of("old"),
            "Changes the password of the user who asks.",
            invocation ->
                invocation.call(
                    "session.change_password",
                    invocation.get("old").orElse(""),
                    invocation.required("new"))),
        Command.of(
            "secret-create",
            List.of("value"),
            List.of("other-config:"),
            "Keeps a secret, to be named by its uuid from then on.",
            AccessCommands::createSecret),
        Command.onOne("secret-destroy", "Forgets a secret.", "secret.destroy"),
        Command.of(
            "audit-log-get",
            List.of("filename"),
            List.of("since"),
            "Fetches the audit log, from a date on if since has one.",
            AccessCommands::fetchAuditLog),
        Command.onOne("task-cancel", "Asks a task to end before it is done.", "task.cancel"));
  }

  private static void addSubject(Invocation invocation) throws IOException {
    String identifier =
        Values.text(
            invocation.call("auth.get_subject_identifier", invocation.required("subject-name")));
    Value facts = invocation.call("auth.get_subject_information_from_identifier", identifier);
    Value subject =
        new Value.Structure(
            Map.of("subject_identifier", new Value.Text(identifier), "other_config", facts));
    Results.print(
        invocation, "subject", Values.text(invocation.call("subject.create", List.of(subject))));
  }

  private static void changeRole(Invocation invocation, String message) {
    String role = role(invocation);
    invocation.call(message, Arguments.object(invocation, "subject", "uuid"), role);
  }

  private static String role(Invocation invocation) {
    String uuid = invocation.get("role-uuid").orElse("");
    String name = invocation.get("role-name").orElse("");
    if (uuid.isEmpty() && name.isEmpty()) {
      throw CommandException.failed("Required parameter not found: role-uuid or role-name");
    }
    if (!uuid.isEmpty() && !name.isEmpty()) {
      throw CommandException.failed("Parameters role-uuid and role-name cannot be used together");
    }
    return uuid.isEmpty()
        ? Values.texts(invocation.call("role.get_by_name_label", name)).stream()
            .findFirst()
            .orElseThrow(() -> CommandException.failed("There is no role called " + name))
        : Arguments.byUuid(invocation, "role", uuid);
  }

  private static List<String> users(Invocation invocation) {
    return Values.texts(invocation.call("session.get_all_subject_identifiers"));
  }

  private static void listUsers(Invocation invocation) throws IOException {
    invocation
        .printer()
        .table(
            users(invocation).stream()
                .map(identifier -> List.of(new Line("subject-identifier ( RO)", identifier)))
                .toList());
  }

  private static void logOut(Invocation invocation, String identifier) {
    invocation.call("session.logout_subject_identifier", identifier);
  }

  private static void createSecret(Invocation invocation) throws IOException {
    Value secret =
        new Value.Structure(
            Map.of(
                "value",
                new Value.Text(invocation.required("value")),
                "other_config",
                Arguments.map(invocation, "other-config")));
    Results.print(
        invocation, "secret", Values.text(invocation.call("secret.create", List.of(secret))));
  }

  private static void fetchAuditLog(Invocation invocation) throws IOException {
    String file = invocation.required("filename");
    String since = invocation.get("since").orElse("");
    String label =
        since.isEmpty()
            ? "audit-log-get into file " + file
            : "audit-log-get (since \"%s\") into file %s".formatted(since, file);
    FileTransfer.fetch(
        invocation, label, file, "/audit_log", since.isEmpty() ? Map.of() : Map.of("since", since));
    invocation.printer().message(label + " succeeded");
  }
}
