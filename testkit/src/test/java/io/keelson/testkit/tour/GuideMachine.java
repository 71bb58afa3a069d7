package io.keelson.testkit.tour;

import static org.awaitility.Awaitility.await;

import io.keelson.host.nfs.NfsServer;
import io.keelson.testkit.box.ServerBox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A machine with three cards, an Open vSwitch and an NFS server, on which those pages of the guide
 * are pasted that need one. A page that fails is printed, and so are sections that are left out.
 */
final class GuideMachine {
  private static final String ITSELF = "127.0.0.1";
  private static final String SWITCH = "/run/switch";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String CARDS =
      """
      ip netns add far
      for card in eth0 eth1 eth2; do
        ip link add $card type veth peer name $card netns far
        ip netns exec far ip link set dev $card up
        ip link set dev $card up
      done
      ip netns exec far ip address add 198.51.100.1/24 dev eth0
      ip address add 198.51.100.2/24 dev eth0
      ip route add default via 198.51.100.1
      """;

  private static final String VSWITCH =
      """
      export OVS_RUNDIR=FOLDER
      mkdir -p FOLDER
      ovsdb-tool create FOLDER/conf.db /usr/share/openvswitch/vswitch.ovsschema
      ovsdb-server FOLDER/conf.db --remote=punix:FOLDER/db.sock --pidfile --detach \
        --log-file=FOLDER/db.log -vconsole:off
      ovs-vsctl --no-wait init
      ovs-vswitchd --pidfile --detach --log-file=FOLDER/switch.log -vconsole:off
      """
          .replace("FOLDER", SWITCH);

  private static final String EXPORT =
      """
      NFS_CORE_PARAM { Protocols = 3; Enable_NLM = false; Enable_RQUOTA = false; }
      EXPORT {
        Export_Id = 1; Path = "FOLDER"; Access_Type = RW; Squash = No_Root_Squash;
        SecType = sys; Protocols = 3; Transports = TCP; FSAL { Name = VFS; }
      }
      """;

  private GuideMachine() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path folder = Path.of(arguments[0]);
    shell(CARDS);
    shell(VSWITCH);
    Map<String, String> storage = new HashMap<>(share(folder));
    for (String name : List.of("folder", "elsewhere")) {
      storage.put(name, Files.createDirectory(folder.resolve(name)).toString());
    }
    Map<String, String> networks =
        Map.of(
            "uplink", "eth0",
            "first", "eth1",
            "second", "eth2",
            "address", "198.51.100.7",
            "netmask", "255.255.255.0",
            "gateway", "198.51.100.1");
    try (ServerBox box =
        ServerBox.real(folder, "--uplinks", "eth0").with("OVS_RUNDIR", SWITCH).start()) {
      paste("storage", box, folder, storage);
      paste("networks", box, folder, networks);
    }
  }

  private static void paste(String page, ServerBox box, Path folder, Map<String, String> yours)
      throws IOException, InterruptedException {
    Path own = Files.createDirectory(folder.resolve(page));
    PastedPage pasted = PastedPage.of("docs/guide/" + page + ".md", box, own, yours);
    if (pasted.status() != 0) {
      throw new IllegalStateException(page + ".md: status " + pasted.status() + pasted.said());
    }
    pasted.left().forEach(section -> System.out.println(page + ".md without " + section));
  }

  /** Has a folder served to the machine itself, where it is root that asks for it. */
  private static Map<String, String> share(Path folder) throws IOException {
    boolean root = Files.readString(Path.of("/proc/self/uid_map")).strip().matches("0 +0 +\\d{9,}");
    if (!root || !has("ganesha.nfsd") || !has("rpcbind")) {
      return Map.of();
    }
    Path share = Files.createDirectory(folder.resolve("share"));
    Path export =
        Files.writeString(
            folder.resolve("ganesha.conf"), EXPORT.replace("FOLDER", share.toString()));
    Process _ =
        new ProcessBuilder(
                "sh",
                "-c",
                "mkdir -p /run/rpcbind /run/ganesha && rpcbind -w && exec ganesha.nfsd -F"
                    + " -L %1$s.log -f %1$s -p /run/nfs.pid -N EVENT".formatted(export))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("ganesha.out").toFile())
            .start(); // it ends with the machine
    NfsServer server = new NfsServer(ITSELF, 0);
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> !server.exports().isEmpty());
    return Map.of("nas", ITSELF, "share", share.toString());
  }

  private static boolean has(String program) {
    return List.of("/usr/bin/", "/usr/sbin/", "/sbin/").stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder + program)));
  }

  private static void shell(String commands) throws IOException, InterruptedException {
    int end = new ProcessBuilder("sh", "-ec", commands).inheritIO().start().waitFor();
    if (end != 0) {
      throw new IllegalStateException("status " + end + ": " + commands);
    }
  }
}
