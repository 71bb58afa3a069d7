package io.keelson.control.vm;

import io.keelson.api.Call;
import io.keelson.api.MessageSpec;
import io.keelson.api.Ref;
import io.keelson.api.model.Session;
import io.keelson.api.model.Task;

/** A call by a client that can change its mind. */
public final class LabCall implements Call {
  private final MessageSpec message;
  private final Ref<Task> task = Ref.fresh();
  private volatile boolean cancelled;

  LabCall(MessageSpec message) {
    this.message = message;
  }

  @Override
  public MessageSpec message() {
    return message;
  }

  @Override
  public Ref<Session> session() {
    return Ref.none();
  }

  @Override
  public Ref<Task> task() {
    return task;
  }

  @Override
  public String peer() {
    return "test";
  }

  @Override
  public void progress(double fraction) {}

  public void cancel() {
    cancelled = true;
  }

  @Override
  public boolean cancelled() {
    return cancelled;
  }
}
