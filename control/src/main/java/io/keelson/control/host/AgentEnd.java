package io.keelson.control.host;

/** What becomes of this server, at an administrator's wish, a moment after it was said. */
public enum AgentEnd {
  /** It starts anew. */
  RESTART,
  /** It is stopped. */
  SHUTDOWN
}
