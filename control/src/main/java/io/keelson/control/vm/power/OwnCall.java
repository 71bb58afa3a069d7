package io.keelson.control.vm.power;

import io.keelson.api.Call;
import io.keelson.api.MessageSpec;
import io.keelson.api.Ref;
import io.keelson.api.model.Session;
import io.keelson.api.model.Task;

/** A call that the server makes to itself; nobody waits for it or can cancel it. */
public record OwnCall(MessageSpec message, Ref<Task> task) implements Call {

  @Override
  public Ref<Session> session() {
    return Ref.none();
  }

  @Override
  public String peer() {
    return "";
  }

  @Override
  public void progress(double fraction) {}

  @Override
  public boolean cancelled() {
    return false;
  }
}
