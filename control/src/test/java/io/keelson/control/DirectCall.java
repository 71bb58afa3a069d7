package io.keelson.control;

import io.keelson.api.Call;
import io.keelson.api.MessageSpec;
import io.keelson.api.Ref;
import io.keelson.api.model.Session;
import io.keelson.api.model.Task;

/** A call that comes from no wire. */
public record DirectCall(MessageSpec message, Ref<Task> task, Ref<Session> session)
    implements Call {

  /** A call of the message, with a task of its own. */
  public static DirectCall of(MessageSpec message) {
    return new DirectCall(message, Ref.fresh(), Ref.none());
  }

  /** The same call in the name of a session. */
  public DirectCall by(String caller) {
    return new DirectCall(message, task, Ref.of(caller));
  }

  @Override
  public String peer() {
    return "test";
  }

  @Override
  public void progress(double fraction) {}

  @Override
  public boolean cancelled() {
    return false;
  }
}
