package io.keelson.conformance.roles;

import io.keelson.conformance.rpc.Session;
import io.keelson.conformance.surface.Role;
import java.util.Map;

/** A session of each role that the server lets in; closing takes back what was needed for it. */
public interface RoleSessions extends AutoCloseable {
  /** By role; a role is absent that nobody could log in with. */
  Map<Role, Session> sessions();

  /** Why roles are absent. */
  String why();

  @Override
  void close();
}
