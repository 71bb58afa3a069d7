package io.keelson.conformance.roles;

import io.keelson.conformance.rpc.Session;
import io.keelson.conformance.surface.Role;
import java.util.Map;

/** When no users can be had: no role is measured. */
public record Nobody(String why) implements RoleSessions {
  @Override
  public Map<Role, Session> sessions() {
    return Map.of();
  }

  @Override
  public void close() {}
}
