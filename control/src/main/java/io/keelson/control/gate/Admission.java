package io.keelson.control.gate;

import io.keelson.api.Ref;
import io.keelson.api.model.Session;

/**
 * That a request was let in. To be closed when the request is done: a session that was opened for
 * it ends then.
 *
 * @param session in whose name it is done
 * @param end what is left to do
 */
public record Admission(Ref<Session> session, Runnable end) implements AutoCloseable {
  @Override
  public void close() {
    end.run();
  }
}
