package io.keelson.server.transfer;

import io.keelson.api.Reply;

/** What is done for a request that moves a file. */
@FunctionalInterface
public interface Transfer {
  /**
   * Does it, on the request's own thread. Failures are raised; what they mean for the task, the
   * status and the connection is seen to outside.
   *
   * @return what the task shows as its result
   */
  Reply run(TransferCall call);
}
