package io.keelson.control.task;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Task;
import io.keelson.api.model.TaskAllowedOperations;
import io.keelson.store.Derivation;
import io.keelson.store.ObjectId;
import io.keelson.store.Overlay;
import java.util.List;
import java.util.Set;

/** Keeps right what may be done to a task, and shows one that has ended as complete. */
public final class TaskDerivation implements Derivation {

  @Override
  public void derive(List<ObjectId<?>> changed, Overlay state) {
    for (ObjectId<?> id : changed) {
      if (id.apiClass() == ApiModel.TASK) {
        derive(Ref.<Task>of(id.ref().text()), state);
      }
    }
  }

  private static void derive(Ref<Task> ref, Overlay state) {
    state
        .find(ApiModel.TASK, ref)
        .ifPresent(task -> {
          boolean ended = TaskStates.hasEnded(task.status());
          Set<TaskAllowedOperations> allowed =
              !ended && TaskStates.isCancellable(task)
                  ? Set.of(TaskAllowedOperations.CANCEL)
                  : Set.of();
          double progress = ended ? 1 : task.progress();
          if (!allowed.equals(task.allowedOperations()) || progress != task.progress()) {
            state.set(
                ApiModel.TASK,
                ref,
                t -> t.with(b -> b.allowedOperations(allowed).progress(progress)));
          }
        });
  }
}
