package io.keelson.control.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.api.AccessRole;
import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.ErrorCode;
import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.api.Types;
import io.keelson.api.model.Task;
import io.keelson.api.model.TaskAllowedOperations;
import io.keelson.api.model.TaskStatusType;
import io.keelson.control.TestControl;
import io.keelson.control.gate.Caller;
import io.keelson.control.gate.Credentials.SessionReference;
import io.keelson.control.gate.HttpAction;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** File transfers and the tasks that follow them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TransfersTest {
  private final TestControl control;
  private final AtomicInteger cuts = new AtomicInteger();

  TransfersTest(@TempDir Path folder) {
    this.control = new TestControl(folder);
  }

  @AfterAll
  void close() {
    control.close();
  }

  @Test
  void clientsTaskIsAdoptedAndEnds() {
    String session = control.session();
    String ref = control.answer("task.create", session, "mine", "work").toString();
    run(
        session,
        Optional.of(ref),
        call -> {
          assertThat(call.task().text()).isEqualTo(ref);
          call.progress(0.5);
          assertThat(task(ref).progress()).isEqualTo(0.5);
          assertThat(task(ref).allowedOperations()).containsExactly(TaskAllowedOperations.CANCEL);
          assertThat(refused(session, Optional.of(ref)).code())
              .isEqualTo(ErrorCode.OPERATION_NOT_ALLOWED);
          return Reply.of(Types.STRING, "done");
        });
    assertThat(task(ref).status()).isEqualTo(TaskStatusType.SUCCESS);
    assertThat(task(ref).nameLabel()).isEqualTo("mine");
    assertThat(task(ref).allowedOperations()).isEmpty();
    assertThat(refused(session, Optional.of(ref)).code())
        .isEqualTo(ErrorCode.OPERATION_NOT_ALLOWED);
  }

  @Test
  void newTaskIsMadeWhereNoneIsNamed() {
    AtomicInteger ran = new AtomicInteger();
    ApiError error =
        failure(() ->
            run(
                control.session(),
                Optional.empty(),
                call -> {
                  ran.incrementAndGet();
                  assertThat(task(call.task().text()).nameLabel()).isEqualTo("VM.import");
                  throw ApiErrors.importError("odd " + call.task().text());
                }));
    assertThat(ran).hasValue(1);
    Task task = task(error.parameters().getFirst().substring(4));
    assertThat(task.status()).isEqualTo(TaskStatusType.FAILURE);
    assertThat(task.errorInfo().getFirst()).isEqualTo("IMPORT_ERROR");
  }

  @Test
  void cancellingCutsTheConnectionAndEndsTheTask() {
    String session = control.session();
    String ref = control.answer("task.create", session, "mine", "").toString();
    int before = cuts.get();
    ApiError error =
        failure(() ->
            run(
                session,
                Optional.of(ref),
                call -> {
                  assertThat(TestControl.error(control.call("task.cancel", session, ref)))
                      .isEmpty();
                  assertThat(call.cancelled()).isTrue();
                  assertThat(cuts).hasValue(before + 1);
                  throw ApiErrors.taskCancelled(ref);
                }));
    assertThat(error.code()).isEqualTo(ErrorCode.TASK_CANCELLED);
    assertThat(task(ref).status()).isEqualTo(TaskStatusType.CANCELLED);
    assertThat(task(ref).errorInfo()).containsExactly("TASK_CANCELLED", ref);
  }

  @Test
  void tasksOfOthersAndUnknownOnesAreRefused() {
    String session = control.session();
    String ref = control.answer("task.create", session, "mine", "").toString();
    assertThat(refused(control.session(AccessRole.VM_ADMIN), Optional.of(ref)).code())
        .isEqualTo(ErrorCode.RBAC_PERMISSION_DENIED);
    assertThat(refused(session, Optional.of("OpaqueRef:none")).description())
        .isEqualTo(List.of("HANDLE_INVALID", "task", "OpaqueRef:none"));
    assertThat(task(ref).status()).isEqualTo(TaskStatusType.PENDING);
  }

  /** A role that does not include the transfer ends the caller's own task, and nobody else's. */
  @Test
  void forbiddenTransferFailsItsTask() {
    String reader = control.session(AccessRole.READ_ONLY);
    String own = control.answer("task.create", control.session(), "root's", "").toString();
    forbid(reader, own);
    assertThat(task(own).status()).isEqualTo(TaskStatusType.PENDING);
    String operator = control.session(AccessRole.VM_OPERATOR);
    String made = control.answer("task.create", operator, "mine", "").toString();
    forbid(operator, made);
    assertThat(task(made).status()).isEqualTo(TaskStatusType.FAILURE);
    assertThat(task(made).errorInfo().getFirst()).isEqualTo("RBAC_PERMISSION_DENIED");
  }

  private void forbid(String session, String task) {
    assertThatThrownBy(() ->
            control.gate.authorise(
                new SessionReference(session),
                HttpAction.PUT_IMPORT,
                new Caller("test"),
                Optional.of(Ref.of(task))))
        .isInstanceOf(ApiError.class);
  }

  private ApiError refused(String session, Optional<String> task) {
    return failure(() -> run(session, task, _ -> Reply.NOTHING));
  }

  private static ApiError failure(Runnable work) {
    try {
      work.run();
    } catch (ApiError error) {
      return error;
    }
    throw new AssertionError("nothing was raised");
  }

  private void run(String session, Optional<String> task, Function<Call, Reply> work) {
    Reply _ =
        control
            .control
            .transfers()
            .run(
                new Transfers.Request(
                    "VM.import",
                    Ref.of(session),
                    "test",
                    task.map(Ref::of),
                    Optional.empty(),
                    cuts::incrementAndGet),
                work);
  }

  private Task task(String ref) {
    return control.store.snapshot().get(ApiModel.TASK, Ref.of(ref));
  }
}
