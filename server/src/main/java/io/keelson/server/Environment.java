package io.keelson.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What the server is told through environment variables.
 *
 * @param rootPassword KEELSON_ROOT_PASSWORD: root's password, taken at first boot alone
 * @param guest KEELSON_GUEST: folder of the built-in guest's {@code vmlinuz} and {@code initrd}
 * @param crashFolder KEELSON_CRASH_FOLDER: where the kernel's crash dumps are, instead of
 *     /var/crash; simulated hosts have none but these
 * @param agentPause KEELSON_AGENT_PAUSE: seconds between host.restart_agent or host.shutdown_agent
 *     and what they do; 10, as class host of the API says, unless told otherwise
 * @param plainHosts KEELSON_SIM_PLAIN_HOSTS: how many of the simulated hosts, the last ones, have
 *     no Open vSwitch
 * @param pluginUser KEELSON_PLUGIN_USER: whom plugins run as, where the server is root
 */
record Environment(
    Optional<String> rootPassword,
    Optional<Path> guest,
    Optional<Path> crashFolder,
    Duration agentPause,
    int plainHosts,
    Optional<String> pluginUser) {
  private static final Duration AGENT_PAUSE = Duration.ofSeconds(10);

  static Environment of(Map<String, String> variables) {
    return new Environment(
        text(variables, "KEELSON_ROOT_PASSWORD"),
        text(variables, "KEELSON_GUEST").map(Path::of),
        text(variables, "KEELSON_CRASH_FOLDER").map(Path::of),
        text(variables, "KEELSON_AGENT_PAUSE")
            .filter(seconds -> seconds.matches("[0-9]{1,4}"))
            .map(seconds -> Duration.ofSeconds(Integer.parseInt(seconds)))
            .orElse(AGENT_PAUSE),
        text(variables, "KEELSON_SIM_PLAIN_HOSTS")
            .filter(count -> count.matches("[0-9]{1,4}"))
            .map(Integer::parseInt)
            .orElse(0),
        text(variables, "KEELSON_PLUGIN_USER"));
  }

  private static Optional<String> text(Map<String, String> variables, String name) {
    return Optional.ofNullable(variables.get(name)).filter(v -> !v.isEmpty());
  }
}
