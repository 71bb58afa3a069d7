package io.keelson.control.storage;

import io.keelson.api.Call;
import io.keelson.api.MessageSpec;
import io.keelson.api.Ref;
import io.keelson.api.messages.VdiProvisioning;
import io.keelson.api.model.Session;
import io.keelson.api.model.Task;

/** A call that comes from no wire. */
record DirectCall(Ref<Task> task) implements Call {

  static DirectCall fresh() {
    return new DirectCall(Ref.fresh());
  }

  @Override
  public MessageSpec message() {
    return VdiProvisioning.Specs.CREATE;
  }

  @Override
  public Ref<Session> session() {
    return Ref.none();
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
