package io.keelson.host.network;

import io.keelson.host.process.Program;
import io.keelson.host.process.Program.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Runs a class's main in network, mount and user namespaces of its own, as root there. */
final class InNamespace {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private InNamespace() {}

  /** Whether the machine lets an ordinary user have namespaces, with bridges and taps in them. */
  static boolean possible() {
    return shell(
            "ip link add br0 type bridge && ip tuntap add dev tap0 mode tap && ip netns add one")
        .ok();
  }

  /** Whether programs are installed. */
  static boolean have(String... programs) {
    return Stream.of(programs)
        .allMatch(program -> Program.run(LIMIT, List.of("sh", "-c", "command -v " + program)).ok());
  }

  /** Starts an Open vSwitch of its own, before a class. */
  static String openVswitch(String folder) {
    return """
    export OVS_RUNDIR=FOLDER; mkdir -p $OVS_RUNDIR; cd $OVS_RUNDIR || exit 1
    ovsdb-tool create $OVS_RUNDIR/conf.db /usr/share/openvswitch/vswitch.ovsschema || exit 1
    ovsdb-server $OVS_RUNDIR/conf.db --remote=punix:$OVS_RUNDIR/db.sock --pidfile --detach \
      --log-file=$OVS_RUNDIR/db.log -vconsole:off 2>/dev/null || exit 1
    ovs-vsctl --no-wait init || exit 1
    ovs-vswitchd --pidfile --detach --log-file=$OVS_RUNDIR/switch.log -vconsole:off \
      2>/dev/null || exit 1
    """
        .replace("FOLDER", folder);
  }

  /** Runs the class; the prelude is a shell command before it. */
  static Outcome run(Class<?> main, String prelude) {
    return shell(prelude + "exec " + java(main));
  }

  /** The command that runs a class. */
  static String java(Class<?> main) {
    String java = ProcessHandle.current().info().command().orElse("java");
    return "'"
        + java
        + "' -Xmx64m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '"
        + System.getProperty("java.class.path")
        + "' "
        + main.getName();
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
            "mount -t sysfs sysfs /sys && mount -t proc proc /proc && mount -t tmpfs tmpfs /run"
                + " && ip link set lo up && "
                + command));
  }
}
