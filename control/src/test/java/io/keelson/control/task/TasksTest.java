package io.keelson.control.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.api.AccessRole;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.MessageSpec;
import io.keelson.api.Origin;
import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.api.Value;
import io.keelson.api.model.Session;
import io.keelson.api.model.Task;
import io.keelson.api.model.TaskStatusType;
import io.keelson.control.TestControl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tasks, from the call that begins one to its end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TasksTest {
  private final Path folder;
  private TestControl control;

  TasksTest(@TempDir Path folder) {
    this.folder = folder;
    this.control = new TestControl(folder);
  }

  @AfterAll
  void close() {
    control.close();
  }

  private List<String> error(String method, String... arguments) {
    return TestControl.error(control.call(method, arguments));
  }

  private Task task(String ref) {
    return control.store.snapshot().get(ApiModel.TASK, Ref.of(ref));
  }

  private Task ended(String ref) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> task(ref), t -> TaskStates.hasEnded(t.status()));
  }

  @Test
  void asynchronousCallsEndWithTheirResult() {
    String session = control.session();
    String ref =
        TestControl.answer(
                control.callWith(
                    "Async.secret.create",
                    List.of(
                        new Value.Text(session),
                        new Value.Structure(Map.of("value", new Value.Text("v"))))))
            .toString();
    Task task = ended(ref);
    assertThat(task.status()).isEqualTo(TaskStatusType.SUCCESS);
    assertThat(task.result()).startsWith("<value>OpaqueRef:").endsWith("</value>");
    assertThat(task.progress()).isEqualTo(1);
    assertThat(task.finished()).isAfterOrEqualTo(task.created());
    assertThat(task.nameLabel()).isEqualTo("Async.secret.create");
    assertThat(task.allowedOperations()).isEmpty();
  }

  @Test
  void asynchronousCallsEndWithTheirError() {
    String session = control.session();
    String ref = control.answer("Async.secret.destroy", session, "OpaqueRef:nothing").toString();
    Task task = ended(ref);
    assertThat(task.status()).isEqualTo(TaskStatusType.FAILURE);
    assertThat(task.errorInfo()).containsExactly("HANDLE_INVALID", "secret", "OpaqueRef:nothing");
    assertThat(task.progress()).isEqualTo(1);
  }

  @Test
  void clientsMakeAndDestroyTasks() {
    String session = control.session();
    String ref = control.answer("task.create", session, "mine", "work").toString();
    assertThat(task(ref).nameDescription()).isEqualTo("work");
    assertThat(error("task.cancel", session, ref)).startsWith("OPERATION_NOT_ALLOWED");
    assertThat(error("task.destroy", session, ref)).isEmpty();
    assertThat(error("task.get_record", session, ref))
        .containsExactly("HANDLE_INVALID", "task", ref);
    assertThat(error("task.destroy", session, ref)).containsExactly("HANDLE_INVALID", "task", ref);
  }

  @Test
  void tasksOfOthersAreLeftAlone() {
    String ref = control.answer("task.create", control.session(), "mine", "").toString();
    String reader = control.session(AccessRole.VM_POWER_ADMIN);
    assertThat(error("task.destroy", reader, ref))
        .startsWith("RBAC_PERMISSION_DENIED", "task.destroy/any");
    String own = control.answer("task.create", reader, "own", "").toString();
    assertThat(error("task.destroy", reader, own)).isEmpty();
    String operator = control.session(AccessRole.POOL_OPERATOR);
    assertThat(error("task.destroy", operator, ref)).isEmpty();
  }

  @Test
  void cancelledWorkEndsAsCancelled() {
    Parts parts = new Parts();
    CountDownLatch running = new CountDownLatch(1);
    Ref<Task> ref =
        parts.tasks.start(
            spec("VM", "clean_shutdown"),
            parts.session,
            Origin.of("test"),
            call -> {
              call.progress(0.5);
              running.countDown();
              Awaitility.await().atMost(Duration.ofSeconds(30)).until(call::cancelled);
              throw ApiErrors.taskCancelled(call.task().text());
            });
    Awaitility.await().until(() -> running.getCount() == 0);
    assertThat(task(ref.text()).progress()).isEqualTo(0.5);
    assertThat(task(ref.text()).allowedOperations()).hasSize(1);
    parts.handler.cancel(parts.call(), ref);
    Task task = ended(ref.text());
    assertThat(task.status()).isEqualTo(TaskStatusType.CANCELLED);
    assertThat(task.errorInfo()).containsExactly("TASK_CANCELLED", ref.text());
    assertThatThrownBy(() -> parts.handler.cancel(parts.call(), ref))
        .hasMessageContaining("OPERATION_NOT_ALLOWED");
  }

  @Test
  void runningWorkIsDestroyedWhenItEnds() {
    Parts parts = new Parts();
    CountDownLatch go = new CountDownLatch(1);
    Ref<Task> ref =
        parts.tasks.start(
            spec("VM", "start"),
            parts.session,
            Origin.of("test"),
            _ -> {
              Awaitility.await().until(() -> go.getCount() == 0);
              return Reply.NOTHING;
            });
    assertThatThrownBy(() -> parts.handler.cancel(parts.call(), ref))
        .hasMessageContaining("OPERATION_NOT_ALLOWED");
    parts.handler.destroy(parts.call(), ref);
    assertThat(task(ref.text()).currentOperations()).hasSize(1);
    go.countDown();
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> control.store.snapshot().find(ApiModel.TASK, ref).isEmpty());
  }

  @Test
  void oldTasksAreClearedAway() {
    String session = control.session();
    String done = control.answer("Async.secret.destroy", session, "OpaqueRef:n").toString();
    ended(done);
    Parts parts = new Parts();
    TaskKeeping keeping = new TaskKeeping(control.store, parts.rows, parts.tasks, control.clock);
    keeping.clear();
    assertThat(task(done).status()).isEqualTo(TaskStatusType.FAILURE);
    control.clock.forward(Duration.ofMinutes(66));
    String young = control.answer("task.create", session, "young", "").toString();
    keeping.clear();
    assertThat(error("task.get_record", session, done)).startsWith("HANDLE_INVALID");
    control.clock.forward(Duration.ofHours(25));
    keeping.clear();
    assertThat(error("task.get_record", session, young)).startsWith("HANDLE_INVALID");
  }

  @Test
  void noMoreThanTwoHundredAreKept() {
    Parts parts = new Parts();
    control.store.change(tx -> {
      for (int i = 0; i < 250; i++) {
        Ref<Task> ref = Ref.fresh();
        parts.rows.open(tx, ref, "filler", Ref.none());
        parts.rows.fail(tx, ref, ApiErrors.tooBusy());
      }
    });
    new TaskKeeping(control.store, parts.rows, parts.tasks, control.clock).clear();
    assertThat(control.store.snapshot().table(ApiModel.TASK).size()).isLessThanOrEqualTo(200);
  }

  @Test
  void nothingStaysPendingAcrossARestart() {
    String session = control.session();
    Parts parts = new Parts();
    Ref<Task> asynchronous = Ref.fresh();
    Call call = parts.call();
    control.store.change(tx -> {
      parts.rows.open(tx, asynchronous, "Async.VM.start", Ref.none());
      parts.rows.begin(tx, call);
    });
    String own = control.answer("task.create", session, "client's", "").toString();
    control.close();
    control = new TestControl(folder);
    assertThat(task(asynchronous.text()).status()).isEqualTo(TaskStatusType.FAILURE);
    assertThat(task(asynchronous.text()).errorInfo()).startsWith("INTERNAL_ERROR").hasSize(2);
    assertThat(control.store.snapshot().find(ApiModel.TASK, call.task())).isEmpty();
    assertThat(task(own).status()).isEqualTo(TaskStatusType.PENDING);
  }

  private static MessageSpec spec(String apiClass, String name) {
    return ApiModel.MESSAGES.stream()
        .filter(s -> s.apiClass().equals(apiClass) && s.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** The parts that are under test, over the control's own store. */
  private final class Parts {
    final TaskRows rows = new TaskRows(control.clock, _ -> "<value></value>");
    final Tasks tasks = new Tasks(control.store, rows);
    final Ref<Session> session = Ref.of(control.session());
    final TaskMessagesHandler handler =
        new TaskMessagesHandler(
            control.store,
            rows,
            tasks,
            new TaskOwners(control.control.sessions(), () -> control.gate.permissions()));

    Call call() {
      return new RunningCall(spec("task", "cancel"), session, Origin.of("test"), (_, _) -> {});
    }
  }
}
