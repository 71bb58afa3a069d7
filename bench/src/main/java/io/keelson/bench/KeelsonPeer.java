package io.keelson.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A Keelson server of its own, on a folder of its own. */
final class KeelsonPeer implements Peer {
  private static final String PASSWORD = "bench";
  private static final String RECORD =
      """
      {"name_label":"NAME","name_description":"bench","user_version":1,"is_a_template":false,\
      "affinity":"OpaqueRef:NULL","memory_target":33554432,"memory_static_max":33554432,\
      "memory_dynamic_max":33554432,"memory_dynamic_min":33554432,"memory_static_min":33554432,\
      "VCPUs_params":{},"VCPUs_max":1,"VCPUs_at_startup":1,"actions_after_shutdown":"destroy",\
      "actions_after_reboot":"restart","actions_after_crash":"destroy","PV_bootloader":"",\
      "PV_kernel":"","PV_ramdisk":"","PV_args":"","PV_bootloader_args":"","PV_legacy_args":"",\
      "HVM_boot_policy":"BIOS order","HVM_boot_params":{"order":"c"},"HVM_shadow_multiplier":1.0,\
      "platform":{},"PCI_bus":"","other_config":{},"recommendations":"","xenstore_data":{},\
      "ha_always_run":false,"ha_restart_priority":"","tags":[],"blocked_operations":{}}\
      """;

  private final Path launcher;
  private final Path data;
  private final InetSocketAddress address;
  private Process process;

  /**
   * @param launcher the {@code keelson} script
   * @param data folder to keep everything in
   */
  KeelsonPeer(Path launcher, Path data) {
    this.launcher = launcher;
    this.data = data;
    this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort());
    this.process = launch();
  }

  @Override
  public String name() {
    return "keelson";
  }

  @Override
  public void start() {
    if (!process.isAlive()) {
      process = launch();
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException("the server did not come up; see " + log());
      }
      pause();
    }
  }

  private boolean answers() {
    try (Client client = connect()) {
      client.listAll();
      return true;
    } catch (UncheckedIOException | IllegalStateException _) {
      return false;
    }
  }

  private Process launch() {
    try {
      Files.createDirectories(data);
      ProcessBuilder builder =
          new ProcessBuilder(
              launcher.toString(),
              "serve",
              "--data",
              data.toString(),
              "--listen",
              "127.0.0.1:" + address.getPort());
      builder.environment().put("KEELSON_ROOT_PASSWORD", PASSWORD);
      builder.redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path log() {
    return data.resolve("bench.log");
  }

  @Override
  public void kill() {
    process.destroyForcibly();
    await();
  }

  @Override
  public Client connect() {
    return new KeelsonClient(new JsonRpcClient(address));
  }

  @Override
  public void close() {
    process.destroy();
    await();
  }

  private void await() {
    try {
      process.waitFor();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(2);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record KeelsonClient(JsonRpcClient rpc, String session) implements Client {
    KeelsonClient(JsonRpcClient rpc) {
      this(
          rpc,
          "\""
              + rpc.text(
                  "session.login_with_password", "\"root\",\"" + PASSWORD + "\",\"1.0\",\"bench\"")
              + "\"");
    }

    @Override
    public String define(String name) {
      return rpc.text("VM.create", session + "," + RECORD.replace("NAME", name));
    }

    @Override
    public void undefine(String vm) {
      rpc.text("VM.destroy", of(vm));
    }

    @Override
    public void run(String vm) {
      rpc.text("VM.start", of(vm) + ",false,false");
    }

    @Override
    public void stop(String vm) {
      rpc.text("VM.hard_shutdown", of(vm));
    }

    @Override
    public long listAll() {
      return rpc.call("VM.get_all_records", session).length;
    }

    @Override
    public long read(String vm) {
      return rpc.call("VM.get_record", of(vm)).length;
    }

    @Override
    public void describe(String vm, String text) {
      rpc.text("VM.set_name_description", of(vm) + ",\"" + text + "\"");
    }

    @Override
    public String description(String vm) {
      return rpc.text("VM.get_name_description", of(vm));
    }

    private String of(String vm) {
      return session + ",\"" + vm + "\"";
    }

    @Override
    public void close() {
      try (rpc) {
        rpc.text("session.logout", session);
      }
    }
  }
}
