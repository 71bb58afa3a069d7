package io.keelson.control.operation;

import io.keelson.api.Call;
import io.keelson.api.MessageSpec;
import io.keelson.api.Ref;
import io.keelson.api.model.Session;
import io.keelson.api.model.Task;
import io.keelson.host.Progress;

/**
 * One of the operations that a larger call consists of. It has a task of its own below that of the
 * whole, and is cancelled with it.
 *
 * @param progress of this part
 */
public record PartCall(Call whole, MessageSpec message, Ref<Task> task, Progress progress)
    implements Call {

  public PartCall(Call whole, MessageSpec message, Progress progress) {
    this(whole, message, Ref.fresh(), progress);
  }

  /** A part whose progress does not show. */
  public PartCall(Call whole, MessageSpec message) {
    this(whole, message, Progress.NONE.endingWhen(whole::cancelled));
  }

  @Override
  public Ref<Session> session() {
    return whole.session();
  }

  @Override
  public Ref<Task> partOf() {
    return whole.task();
  }

  @Override
  public String peer() {
    return whole.peer();
  }

  @Override
  public boolean fromAdministrator() {
    return whole.fromAdministrator();
  }

  @Override
  public void progress(double fraction) {
    progress.report(fraction);
  }

  @Override
  public boolean cancelled() {
    return progress.cancelled();
  }
}
