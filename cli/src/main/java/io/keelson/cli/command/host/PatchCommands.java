package io.keelson.cli.command.host;

import io.keelson.cli.call.Values;
import io.keelson.cli.command.Arguments;
import io.keelson.cli.command.Command;
import io.keelson.cli.command.FileTransfer;
import io.keelson.cli.command.Invocation;
import io.keelson.cli.command.Results;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Patches: uploaded, checked, applied, removed. */
public final class PatchCommands {
  private static final String CLASS = "pool_patch";
  private static final List<String> ON_A_HOST = List.of("uuid", "host-uuid");

  private PatchCommands() {}

  public static List<Command> all() {
    return List.of(
        Command.of(
            "patch-upload",
            List.of("file-name"),
            List.of(),
            "Sends a patch to the pool.",
            PatchCommands::upload),
        Command.onOne("patch-destroy", "Removes a patch that no host has.", "pool_patch.destroy"),
        Command.of(
            "patch-precheck",
            ON_A_HOST,
            List.of(),
            "Lets a patch look whether it can be applied to a host.",
            invocation -> onHost(invocation, "precheck")),
        Command.of(
            "patch-apply",
            ON_A_HOST,
            List.of(),
            "Applies a patch to a host.",
            invocation -> onHost(invocation, "apply")),
        Command.onOne("patch-pool-apply", "Applies a patch to all hosts.", "pool_patch.pool_apply"),
        Command.onOne(
            "patch-clean", "Removes a patch's file from the coordinator.", "pool_patch.clean"),
        Command.onOne(
            "patch-pool-clean", "Removes a patch's file from all hosts.", "pool_patch.pool_clean"));
  }

  private static void upload(Invocation invocation) throws IOException {
    String result =
        FileTransfer.send(
            invocation,
            "host patch upload",
            invocation.required("file-name"),
            "/pool_patch_upload",
            Map.of());
    String patch = Results.made(result);
    Results.print(invocation, CLASS, patch);
  }

  private static void onHost(Invocation invocation, String message) throws IOException {
    String answer =
        Values.text(
            invocation.call(
                CLASS + "." + message,
                Arguments.object(invocation, CLASS, "uuid"),
                Arguments.object(invocation, "host", "host-uuid")));
    invocation.printer().list(List.of(answer));
  }
}
