package io.keelson.host.qemu.agent;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.qemu.qmp.Json;
import java.util.List;
import java.util.Map;

/**
 * Puts settings for agents into a file of a running guest: what the firmware's configuration device
 * shows cannot change while the machine runs. The file is there whole or not at all.
 */
public final class AgentSettings {
  private static final String SCRIPT =
      """
      umask 022
      mkdir -p /run/io.keelson || exit 1
      printf '%s\\n' "$1" > /run/io.keelson/guest_agent_config.new || exit 1
      mv /run/io.keelson/guest_agent_config.new /run/io.keelson/guest_agent_config
      """;

  private AgentSettings() {}

  public static void write(AgentLine line, Map<String, String> settings) {
    GuestPrograms.Ended ended =
        GuestPrograms.run(
            line, "/bin/sh", List.of("-c", SCRIPT, "settings", Json.texts(settings).write()));
    if (ended.status() != 0) {
      throw new DriverException(
          Reason.REJECTED_BY_GUEST, "the guest did not take its settings: " + ended.words());
    }
  }
}
