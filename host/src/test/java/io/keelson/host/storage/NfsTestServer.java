package io.keelson.host.storage;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keelson.host.nfs.NfsServer;
import io.keelson.host.process.Program;
import io.keelson.host.storage.image.QemuImg;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A real NFS server in a network namespace of its own, with one export. */
public final class NfsTestServer implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final String namespace;
  private final String address;
  private final Process process;

  private NfsTestServer(String namespace, String address, Process process) {
    this.namespace = namespace;
    this.address = address;
    this.process = process;
  }

  /** Starts one, or skips the test where the machine refuses. */
  public static NfsTestServer start(Path folder, Path export) throws IOException {
    assumeTrue(Requirements.isRoot(), "this is root");
    for (String program : List.of("ganesha.nfsd", "rpcbind", "ip", "unshare")) {
      assumeTrue(Requirements.has(program), program + " is installed");
    }
    assumeTrue(QemuImg.knows("nfs"), "QEMU's block layer knows NFS");
    long pid = ProcessHandle.current().pid();
    String namespace = "nfs" + pid;
    String network = "198.18." + pid / 64 % 256 + ".";
    long low = pid % 64 * 4;
    String address = network + (low + 2);
    shell(
        "ip netns add %1$s && ip link add %1$s type veth peer name eth0 netns %1$s &&"
                .formatted(namespace)
            + " ip addr add %s%d/30 dev %s && ip link set %3$s up &&"
                .formatted(network, low + 1, namespace)
            + " ip -n %1$s addr add %2$s/30 dev eth0 && ip -n %1$s link set eth0 up &&"
                .formatted(namespace, address)
            + " ip -n %s link set lo up".formatted(namespace));
    Path configuration =
        Files.writeString(
            folder.resolve("ganesha.conf"),
            """
            NFS_CORE_PARAM { Protocols = 3; Enable_NLM = false; Enable_RQUOTA = false; }
            EXPORT {
              Export_Id = 1; Path = "%s"; Access_Type = RW; Squash = No_Root_Squash;
              SecType = sys; Protocols = 3; Transports = TCP; FSAL { Name = VFS; }
            }
            """
                .formatted(export));
    // What the programs keep in /run is theirs alone, and they end with the shell.
    Process process =
        new ProcessBuilder(
                List.of(
                    "ip",
                    "netns",
                    "exec",
                    namespace,
                    "unshare",
                    "--mount",
                    "--pid",
                    "--fork",
                    "--kill-child",
                    "sh",
                    "-c",
                    "mount -t tmpfs tmpfs /run && mkdir -p /run/rpcbind /run/ganesha && rpcbind -w"
                        + " && exec ganesha.nfsd -F -L %s/nfs.log -f %s -p /run/nfs.pid -N EVENT"
                            .formatted(folder, configuration)))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("nfs.out").toFile())
            .start();
    NfsTestServer server = new NfsTestServer(namespace, address, process);
    try {
      await().atMost(LIMIT).until(server::serves);
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private boolean serves() {
    try {
      return !new NfsServer(address, 0).exports().isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  public String address() {
    return address;
  }

  private static void shell(String command) {
    Program.Outcome outcome = Program.run(LIMIT, List.of("sh", "-c", command));
    assumeTrue(outcome.ok(), "the machine has namespaces: " + outcome.complaint());
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
    Program.run(LIMIT, List.of("ip", "link", "delete", namespace));
    Program.run(LIMIT, List.of("ip", "netns", "delete", namespace));
  }
}
