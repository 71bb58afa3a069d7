package io.keelson.host.network;

import io.keelson.host.process.Program;
import io.keelson.host.process.Program.Outcome;
import java.time.Duration;
import java.util.List;

/** Runs a class's main in network, mount and user namespaces of its own, as root there. */
final class InNamespace {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private InNamespace() {}

  /** Whether the machine lets an ordinary user have namespaces, with bridges and taps in them. */
  static boolean possible() {
    return shell("ip link add br0 type bridge && ip tuntap add dev tap0 mode tap").ok();
  }

  /** Runs the class; the prelude is a shell command before it. */
  static Outcome run(Class<?> main, String prelude) {
    String java = ProcessHandle.current().info().command().orElse("java");
    return shell(
        prelude
            + "exec '"
            + java
            + "' -Xmx64m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '"
            + System.getProperty("java.class.path")
            + "' "
            + main.getName());
  }

  private static Outcome shell(String command) {
    // The kernel's view of devices is mounted anew, since the old mount shows the old network.
    return Program.run(
        LIMIT,
        List.of(
            "unshare",
            "--map-root-user",
            "--net",
            "--mount",
            "--pid",
            "--fork",
            "--kill-child",
            "sh",
            "-c",
            "mount -t sysfs sysfs /sys && mount -t proc proc /proc && ip link set lo up && "
                + command));
  }
}
