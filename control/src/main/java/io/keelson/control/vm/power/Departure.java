package io.keelson.control.vm.power;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Network;
import io.keelson.api.model.Session;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vif;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.vm.placement.ProcessorFit.Wish;
import io.keelson.store.Snapshot;
import java.util.Map;

/**
 * What VM.migrate_send is asked for.
 *
 * @param host where the VM is to be, in this pool
 * @param disks where some of its disks are to be
 * @param cards what some of its network cards are to be on
 * @param live whether it may be running
 * @param copy whether the VM is to stay as well
 * @param wish what counts of the host's processor
 */
record Departure(
    Ref<Vm> vm,
    Ref<Host> host,
    Map<Ref<Vdi>, Ref<Sr>> disks,
    Map<Ref<Vif>, Ref<Network>> cards,
    boolean live,
    boolean copy,
    Wish wish) {
  /** Keys of the destination that host.migrate_receive gives. */
  static final String HOST = "host";

  static final String SESSION = "session_id";

  Departure {
    disks = Map.copyOf(disks);
    cards = Map.copyOf(cards);
  }

  /**
   * @param dest as host.migrate_receive gave it
   * @throws io.keelson.api.ApiError INVALID_VALUE for a destination that is incomplete;
   *     VM_MIGRATE_FAILED for one in another pool; SESSION_INVALID when it counts no longer
   */
  static Departure of(
      Snapshot state,
      Ref<Vm> vm,
      Map<String, String> dest,
      boolean live,
      Map<Ref<Vdi>, Ref<Sr>> disks,
      Map<Ref<Vif>, Ref<Network>> cards,
      Map<String, String> options) {
    String from = state.get(ApiModel.VM, vm).residentOn().text();
    Ref<Host> host = new Ref<>(required(dest, HOST));
    Ref<Session> session = new Ref<>(required(dest, SESSION));
    if (state.find(ApiModel.HOST, host).isEmpty()) {
      throw ApiErrors.vmMigrateFailed(
          vm.text(), from, host.text(), "the destination is not a host of this pool");
    }
    if (state.find(ApiModel.SESSION, session).isEmpty()) {
      throw ApiErrors.sessionInvalid(session.text());
    }
    return new Departure(vm, host, disks, cards, live, isSet(options, "copy"), wish(options));
  }

  /** What the options of a move say of the processor. */
  static Wish wish(Map<String, String> options) {
    return isSet(options, "force") ? Wish.ANY : Wish.COMPATIBLE;
  }

  private static boolean isSet(Map<String, String> options, String key) {
    return Boolean.parseBoolean(options.getOrDefault(key, "false"));
  }

  private static String required(Map<String, String> dest, String key) {
    String value = dest.getOrDefault(key, "");
    if (value.isEmpty()) {
      throw ApiErrors.invalidValue("dest:" + key, value);
    }
    return value;
  }

  /**
   * Whether the VM's domain has to go to another process: to another host, or onto other networks.
   */
  boolean takesDomain(Vm record) {
    boolean elsewhere = !record.residentOn().equals(host) || !cards.isEmpty();
    return record.powerState() == VmPowerState.RUNNING && elsewhere;
  }
}
