package io.keelson.control.task;

import io.keelson.api.Call;
import io.keelson.api.MessageSpec;
import io.keelson.api.Origin;
import io.keelson.api.Ref;
import io.keelson.api.model.Session;
import io.keelson.api.model.Task;

/** A call that is being handled. */
public final class RunningCall implements Call {
  private static final double NOTICEABLE = 0.005;

  private final MessageSpec message;
  private final Ref<Session> session;
  private final Ref<Task> task;
  private final Origin origin;
  private final ProgressLine progressLine;
  private volatile double progress;
  private volatile boolean cancelled;
  private volatile Runnable whenCancelled = () -> {};

  /** Where progress is shown. */
  @FunctionalInterface
  interface ProgressLine {
    void show(Ref<Task> task, double fraction);
  }

  RunningCall(MessageSpec message, Ref<Session> session, Origin origin, ProgressLine progressLine) {
    this(message, session, Ref.fresh(), origin, progressLine);
  }

  /** A call that a task follows which may be there already. */
  RunningCall(
      MessageSpec message,
      Ref<Session> session,
      Ref<Task> task,
      Origin origin,
      ProgressLine progressLine) {
    this.message = message;
    this.session = session;
    this.task = task;
    this.origin = origin;
    this.progressLine = progressLine;
  }

  @Override
  public MessageSpec message() {
    return message;
  }

  @Override
  public Ref<Session> session() {
    return session;
  }

  @Override
  public Ref<Task> task() {
    return task;
  }

  @Override
  public String peer() {
    return origin.address();
  }

  @Override
  public boolean fromAdministrator() {
    return origin.administrator();
  }

  /** Steps too small to be seen are passed over, and so is going back. */
  @Override
  public void progress(double fraction) {
    double bounded = Math.clamp(fraction, 0, 1);
    if (bounded >= progress + NOTICEABLE) {
      progress = bounded;
      progressLine.show(task, bounded);
    }
  }

  @Override
  public boolean cancelled() {
    return cancelled;
  }

  /** Asks the work to end early. */
  void cancel() {
    cancelled = true;
    whenCancelled.run();
  }

  /** Says what frees the work from what it may be waiting for. Set before anybody can cancel. */
  void whenCancelled(Runnable action) {
    whenCancelled = action;
  }
}
