package io.keelson.testkit.hosts;

import static io.keelson.testkit.wire.Values.text;
import static org.awaitility.Awaitility.await;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A machine of its own, whose server comes to listen at the addresses of its cards. */
final class ManagedHost {
  private static final String FIRST = "10.0.0.1";
  private static final String SECOND = "10.0.1.1";
  private static final String MOVED = "10.0.1.7";

  private final ServerBox box;
  private Api api;

  private ManagedHost(ServerBox box) {
    this.box = box;
    this.api = box.start().login(Format.JSON_RPC);
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    run("ip netns add far");
    card("eth0", FIRST);
    card("eth1", SECOND);
    run("ip route add default via 10.0.0.100 dev eth0");
    try (ServerBox box = ServerBox.real(Path.of(arguments[0]), "--hostname-command", "hostname")) {
      ManagedHost host = new ManagedHost(box);
      host.moves();
      host.isNamed();
      host.isReachedFromItselfAlone();
    }
  }

  private static void card(String card, String address) throws IOException, InterruptedException {
    run("ip link add " + card + " type veth peer name p" + card + " netns far");
    run("ip netns exec far ip link set dev p" + card + " up");
    run("ip address add " + address + "/24 dev " + card);
    run("ip link set dev " + card + " up");
  }

  private void moves() {
    require(address().equals("127.0.0.1"), "as configured: " + address());
    answers(FIRST, false);
    api.call("host.management_reconfigure", pif("eth1"));
    require(address().equals(SECOND), "the card's address: " + address());
    answers(SECOND, true);
    answers("127.0.0.1", true);
    require(manager().equals(pif("eth1")), "by the card");
    follows();
    api.call("host.management_reconfigure", pif("eth0"));
    answers(FIRST, true);
    answers(MOVED, false);
    restart();
    require(address().equals(FIRST), "after a crash too: " + address());
    answers(FIRST, true);
    answers(MOVED, false);
    List<String> refusal = api.refusal("host.local_management_reconfigure", text("eth1"));
    require(refusal.equals(List.of("POOL_NOT_IN_EMERGENCY_MODE")), "no emergency: " + refusal);
  }

  /** The interface gets another address. */
  private void follows() {
    JsonNode none = text("");
    JsonNode mask = text("255.255.255.0");
    api.call("PIF.reconfigure_ip", pif("eth1"), text("Static"), text(MOVED), mask, none, none);
    await().atMost(Duration.ofSeconds(60)).until(() -> address().equals(MOVED));
    answers(MOVED, true);
    answers(SECOND, false);
  }

  private void isNamed() throws IOException {
    api.call("host.set_hostname_live", host(), text("node-7"));
    String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    require(name.equals("node-7"), "the machine's name: " + name);
    restart();
    require(api.read("host.get_hostname", host()).equals("node-7"), "it keeps it");
  }

  private void isReachedFromItselfAlone() {
    api.call("host.management_disable");
    answers(FIRST, false);
    answers("127.0.0.1", true);
    restart();
    answers(FIRST, false);
    List<String> refusal = api.refusal("host.get_management_interface", host());
    require(refusal.equals(List.of("HOST_HAS_NO_MANAGEMENT_IP")), "by no card: " + refusal);
    refusal = api.refusal("host.local_management_reconfigure", text("eth7"));
    require(refusal.equals(List.of("PIF_DEVICE_NOT_FOUND")), "by no such card: " + refusal);
    api.call("host.local_management_reconfigure", text("eth0"));
    answers(FIRST, true);
    require(manager().equals(pif("eth0")), "by the card again");
  }

  private void restart() {
    box.kill();
    api = box.start().login(Format.JSON_RPC);
  }

  private JsonNode host() {
    return api.call("host.get_all").get(0);
  }

  private String address() {
    return api.read("host.get_address", host());
  }

  private JsonNode manager() {
    return api.call("host.get_management_interface", host());
  }

  private JsonNode pif(String device) {
    for (var entry : api.call("PIF.get_all_records").properties()) {
      if (entry.getValue().path("device").asString("").equals(device)) {
        return text(entry.getKey());
      }
    }
    throw new IllegalStateException("no " + device);
  }

  /** Both listeners are there, and a session of one is good at the other address; or none is. */
  private void answers(String address, boolean wanted) {
    for (URI listener : List.of(box.api(), box.tls().orElseThrow())) {
      require(
          connects(address, listener.getPort()) == wanted, address + " answers is not " + wanted);
    }
    if (wanted) {
      URI there = URI.create("http://" + address + ":" + box.api().getPort() + "/");
      Api same = Api.within(Format.JSON_RPC.wire(there), api.session());
      require(same.call("host.get_all").size() == 1, "calls are answered at " + address);
    }
  }

  private static boolean connects(String address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), 10_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void run(String command) throws IOException, InterruptedException {
    int end = new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor();
    require(end == 0, command);
  }

  private static void require(boolean good, String what) {
    if (!good) {
      throw new IllegalStateException("not so: " + what);
    }
  }
}
