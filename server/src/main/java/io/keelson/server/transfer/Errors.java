package io.keelson.server.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.api.ApiError;
import io.keelson.api.Ref;
import io.keelson.api.model.Task;
import io.keelson.http.HttpAnswer;
import io.keelson.wire.Encoded;
import java.util.Map;
import java.util.Optional;

/** Outcomes of transfers as replies: a status, and code and parameters as lines of text. */
final class Errors {
  private static final String TEXT = "text/plain; charset=utf-8";

  private Errors() {}

  static HttpAnswer plain(int status, String why) {
    return new HttpAnswer.Whole(status, TEXT, (why + "\n").getBytes(UTF_8));
  }

  static HttpAnswer done(Optional<Ref<Task>> task) {
    return answer(200, task, new byte[0]);
  }

  static HttpAnswer of(ApiError error, Optional<Ref<Task>> task) {
    return answer(
        status(error), task, (String.join("\n", error.description()) + "\n").getBytes(UTF_8));
  }

  private static HttpAnswer answer(int status, Optional<Ref<Task>> task, byte[] body) {
    return new HttpAnswer.Whole(
        status,
        TEXT,
        task.map(t -> Map.of(TransferCall.TASK_ID, t.text())).orElse(Map.of()),
        Encoded.of(body));
  }

  // Only the codes that say more than "failed" are named; there are several hundred.
  private static int status(ApiError error) {
    return switch (error.code()) {
      case SESSION_INVALID, SESSION_AUTHENTICATION_FAILED -> 401;
      case RBAC_PERMISSION_DENIED -> 403;
      case HANDLE_INVALID, UUID_INVALID -> 404;
      case INVALID_VALUE, VALUE_NOT_SUPPORTED, IMPORT_ERROR, VDI_INCOMPATIBLE_TYPE -> 400;
      case IMPORT_ERROR_ATTACHED_DISKS_NOT_FOUND,
          IMPORT_ERROR_FAILED_TO_FIND_OBJECT,
          IMPORT_ERROR_PREMATURE_EOF,
          IMPORT_ERROR_SOME_CHECKSUMS_FAILED,
          IMPORT_ERROR_UNEXPECTED_FILE,
          IMPORT_INCOMPATIBLE_VERSION ->
          400;
      case RESTORE_INCOMPATIBLE_VERSION,
          RESTORE_SCRIPT_FAILED,
          RESTORE_TARGET_MGMT_IF_NOT_IN_BACKUP,
          RESTORE_TARGET_MISSING_DEVICE,
          DB_UNIQUENESS_CONSTRAINT_VIOLATION ->
          400;
      case VDI_TOO_LARGE, VDI_TOO_SMALL -> 400;
      case OTHER_OPERATION_IN_PROGRESS,
          OPERATION_NOT_ALLOWED,
          OPERATION_BLOCKED,
          VM_BAD_POWER_STATE,
          VDI_IN_USE,
          VDI_READONLY,
          SR_NO_PBDS,
          TASK_CANCELLED ->
          409;
      case NOT_IMPLEMENTED, SR_OPERATION_NOT_SUPPORTED -> 501;
      case SR_FULL, OUT_OF_SPACE -> 507;
      default -> 500;
    };
  }
}
