package io.keelson.conformance.roles;

import io.keelson.conformance.rpc.LoginException;
import io.keelson.conformance.rpc.Session;
import io.keelson.conformance.surface.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** Logs in as users whom somebody names in a file, a line each: role, user, password. */
public final class GivenLogins implements RoleSessions {
  private final Map<Role, Session> sessions = new EnumMap<>(Role.class);
  private String why = "the file names nobody who has the role";

  public GivenLogins(Session root, Path file) throws IOException {
    for (String line : Files.readAllLines(file)) {
      String[] words = line.strip().split("\\s+", 3);
      if (words.length == 3) {
        Role.of(words[0]).ifPresent(role -> login(root, role, words[1], words[2]));
      }
    }
  }

  private void login(Session root, Role role, String user, String password) {
    try {
      sessions.put(role, Session.login(root.server(), root.format(), user, password));
    } catch (LoginException e) {
      why = String.valueOf(e.getMessage());
    }
  }

  @Override
  public Map<Role, Session> sessions() {
    return Map.copyOf(sessions);
  }

  @Override
  public String why() {
    return why;
  }

  @Override
  public void close() {
    sessions.values().forEach(Session::close);
  }
}
