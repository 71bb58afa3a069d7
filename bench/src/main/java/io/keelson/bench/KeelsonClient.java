package io.keelson.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

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

  private static final String DISK =
      """
      {"name_label":"bench","name_description":"","SR":"$SR","virtual_size":$SIZE,\
      "type":"user","sharable":false,"read_only":false,"other_config":{},"xenstore_data":{},\
      "sm_config":{},"tags":[]}\
      """;
  private static final String DRIVE =
      """
      {"VM":"$VM","VDI":"$VDI","userdevice":"0","bootable":true,"mode":"RW","type":"Disk",\
      "unpluggable":true,"empty":false,"other_config":{},"qos_algorithm_type":"",\
      "qos_algorithm_params":{}}\
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

  /** Gives a machine its first disk, of so many bytes, in the pool's usual repository. */
  String disk(String vm, long size) {
    String pools = new String(rpc.call("pool.get_all", session), UTF_8);
    String pool = pools.replaceAll("(?s).*\"(OpaqueRef:[^\"]+)\".*", "$1");
    String sr = rpc.text("pool.get_default_SR", of(pool));
    String disk = DISK.replace("$SR", sr).replace("$SIZE", Long.toString(size));
    String vdi = rpc.text("VDI.create", session + "," + disk);
    String drive = DRIVE.replace("$VM", vm).replace("$VDI", vdi);
    String _ = rpc.text("VBD.create", session + "," + drive);
    return vdi;
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
