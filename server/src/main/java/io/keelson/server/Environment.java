package io.keelson.server;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the server is told through environment variables.
 *
 * @param rootPassword KEELSON_ROOT_PASSWORD: root's password, taken at first boot alone
 * @param guest KEELSON_GUEST: folder of the built-in guest's {@code vmlinuz} and {@code initrd}
 * @param crashFolder KEELSON_CRASH_FOLDER: where the kernel's crash dumps are, instead of
 *     /var/crash
 * @param pluginUser KEELSON_PLUGIN_USER: whom plugins run as, where the server is root
 */
record Environment(
    Optional<String> rootPassword,
    Optional<Path> guest,
    Path crashFolder,
    Optional<String> pluginUser) {
  static Environment of(Map<String, String> variables) {
    return new Environment(
        text(variables, "KEELSON_ROOT_PASSWORD"),
        text(variables, "KEELSON_GUEST").map(Path::of),
        Path.of(text(variables, "KEELSON_CRASH_FOLDER").orElse("/var/crash")),
        text(variables, "KEELSON_PLUGIN_USER"));
  }

  private static Optional<String> text(Map<String, String> variables, String name) {
    return Optional.ofNullable(variables.get(name)).filter(v -> !v.isEmpty());
  }
}
