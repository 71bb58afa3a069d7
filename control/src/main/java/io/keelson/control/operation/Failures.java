package io.keelson.control.operation;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.Ref;
import io.keelson.api.model.Task;
import io.keelson.host.DriverException;
import io.keelson.store.codec.FullDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a caller is told when work has failed in no way its handler knew of. */
public final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  public static ApiError of(RuntimeException failure, Ref<Task> task) {
    return switch (failure) {
      case ApiError error -> error;
      case DriverException driver -> of(driver, task);
      case RuntimeException _ -> {
        String id = UUID.randomUUID().toString();
        LOG.error("failure {} of an operation", id, failure);
        yield ApiErrors.internalError(List.of("Unexpected failure; the log says more under " + id));
      }
    };
  }

  /**
   * What a caller is told of a failure with files of a folder: OUT_OF_SPACE, or where the log says
   * what happened.
   */
  public static RuntimeException ofFiles(Path folder, IOException failure) {
    return FullDisk.isMeantBy(failure)
        ? ApiErrors.outOfSpace(folder.toString())
        : new UncheckedIOException(failure);
  }

  private static ApiError of(DriverException driver, Ref<Task> task) {
    String message = String.valueOf(driver.getMessage());
    return switch (driver.reason()) {
      case CANCELLED -> ApiErrors.taskCancelled(task.text());
      case UNSUPPORTED, WRONG_STATE, REJECTED_BY_GUEST, GUEST_SILENT, INVALID ->
          ApiErrors.operationNotAllowed(message);
      case NOT_FOUND, ALREADY_EXISTS, NO_SPACE, CORRUPT, FAILED ->
          ApiErrors.internalError(List.of(message));
    };
  }
}
