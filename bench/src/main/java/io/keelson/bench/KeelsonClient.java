package io.keelson.bench;

import java.net.InetSocketAddress;

/** A session with a Keelson server. */
record KeelsonClient(JsonRpcClient rpc, String session) implements Peer.Client {
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

  static KeelsonClient logIn(InetSocketAddress address, String password) {
    JsonRpcClient rpc = new JsonRpcClient(address);
    String session =
        rpc.text(
            "session.login_with_password", "\"root\",\"%s\",\"1.0\",\"bench\"".formatted(password));
    return new KeelsonClient(rpc, "\"" + session + "\"");
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
