package io.keelson.control.appliance;

import io.keelson.api.Call;
import io.keelson.api.MessageSpec;
import io.keelson.api.Ref;
import io.keelson.api.model.Session;
import io.keelson.api.model.Task;

/**
 * What is done to one VM as a part of what is done to its appliance; it ends early when that does.
 *
 * @param whole the call about the appliance
 */
record MemberCall(Call whole, MessageSpec message, Ref<Task> task) implements Call {

  @Override
  public Ref<Session> session() {
    return whole.session();
  }

  @Override
  public String peer() {
    return whole.peer();
  }

  @Override
  public void progress(double fraction) {}

  @Override
  public boolean cancelled() {
    return whole.cancelled();
  }
}
