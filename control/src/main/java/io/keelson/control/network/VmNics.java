package io.keelson.control.network;

import static io.keelson.control.rules.Refusals.raise;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Network;
import io.keelson.api.model.Pif;
import io.keelson.api.model.Vif;
import io.keelson.api.model.VifFields;
import io.keelson.api.model.VifOperations;
import io.keelson.api.model.Vm;
import io.keelson.control.operation.Claims;
import io.keelson.control.rules.Refusals;
import io.keelson.host.AddressService;
import io.keelson.host.BridgeSpec;
import io.keelson.host.NicSpec;
import io.keelson.host.PortSpec;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The network cards of a VM that is about to run on a host, as its hypervisor is given them: {@link
 * #claim} with the VM's own claim, {@link #attach} in the work, {@link #attached} when settling.
 */
public final class VmNics {
  private final io.keelson.host.Network driver;

  /** Which network cards of the VM. */
  public enum Which {
    /** All: it starts. */
    ALL,
    /** Those that are attached: it comes back from suspension. */
    ATTACHED
  }

  /**
   * What is to be connected.
   *
   * @param nics by device number
   */
  public record Plan(UUID host, UUID vm, List<Nic> nics) {
    public Plan {
      nics = List.copyOf(nics);
    }
  }

  /**
   * A network card that a VM is to have.
   *
   * @param leases makes the host hand out addresses on the network, where it does
   */
  public record Nic(
      Ref<Vif> vif,
      int device,
      BridgeSpec bridge,
      PortSpec port,
      Optional<AddressService> leases) {}

  public VmNics(io.keelson.host.Network driver) {
    this.driver = driver;
  }

  /**
   * Checks that the host reaches all networks that the VM is on.
   *
   * @throws io.keelson.api.ApiError VM_REQUIRES_NETWORK, HOST_CANNOT_ATTACH_NETWORK
   */
  public static void checkHost(Snapshot state, Ref<Vm> vm, Ref<Host> host) {
    for (Ref<Vif> ref : state.get(ApiModel.VM, vm).vifs()) {
      checkNetwork(state, vm, state.get(ApiModel.VIF, ref).network(), host);
    }
  }

  /**
   * Checks that the VM can have its network cards on the host, and claims them.
   *
   * @throws io.keelson.api.ApiError VM_REQUIRES_NETWORK, HOST_CANNOT_ATTACH_NETWORK,
   *     OTHER_OPERATION_IN_PROGRESS
   */
  public Plan claim(Transaction tx, Claims claims, Ref<Vm> vm, Ref<Host> host, Which which) {
    List<Nic> nics = new ArrayList<>();
    for (Ref<Vif> ref : tx.get(ApiModel.VM, vm).vifs()) {
      Vif vif = tx.get(ApiModel.VIF, ref);
      if (which == Which.ALL || vif.currentlyAttached()) {
        raise(Refusals.busy("VIF", ref, vif.currentOperations(), VifOperations::text));
        checkNetwork(tx, vm, vif.network(), host);
        claims.add(ApiModel.VIF, ref, VifFields.CURRENT_OPERATIONS, VifOperations.ATTACH);
        InternalNetwork.assign(tx, ref);
        nics.add(nic(tx, ref, vif, host));
      }
    }
    nics.sort(Comparator.comparingInt(Nic::device));
    return new Plan(uuid(tx, host), UUID.fromString(tx.get(ApiModel.VM, vm).uuid()), nics);
  }

  /** Connects the cards. When it fails, none is connected. */
  public List<NicSpec> attach(Plan plan) {
    List<NicSpec> specs = new ArrayList<>();
    try {
      plan.nics().forEach(nic -> specs.add(connect(plan.host(), plan.vm(), nic)));
    } catch (RuntimeException failure) {
      detach(plan);
      throw failure;
    }
    return specs;
  }

  /** Undoes {@link #attach}; harmless when there is nothing to undo. */
  public void detach(Plan plan) {
    plan.nics().forEach(nic -> driver.detach(plan.host(), plan.vm(), nic.device()));
  }

  /** Disconnects the cards of a VM that no longer runs on the host. */
  public void detachAll(Snapshot state, Ref<Vm> vm, Ref<Host> host) {
    Vm record = state.get(ApiModel.VM, vm);
    for (Ref<Vif> ref : record.vifs()) {
      Vif vif = state.get(ApiModel.VIF, ref);
      driver.detach(
          uuid(state, host), UUID.fromString(record.uuid()), Integer.parseInt(vif.device()));
      InternalNetwork.refresh(state, driver, vif.network(), host, other -> other.vm().equals(vm));
    }
  }

  /** Records that the VM has its network cards. */
  public static void attached(Transaction tx, Plan plan) {
    for (Nic nic : plan.nics()) {
      tx.update(ApiModel.VIF, nic.vif(), v -> v.with(b -> b.currentlyAttached(true)));
    }
  }

  /** Records that the VM has no network card any more: it does not run. */
  public static void detached(Transaction tx, Ref<Vm> vm) {
    for (Ref<Vif> ref : tx.get(ApiModel.VM, vm).vifs()) {
      if (tx.get(ApiModel.VIF, ref).currentlyAttached()) {
        tx.update(ApiModel.VIF, ref, v -> v.with(b -> b.currentlyAttached(false)));
      }
    }
  }

  NicSpec connect(UUID host, UUID vm, Nic nic) {
    driver.ensureBridge(host, nic.bridge());
    nic.leases().ifPresent(leases -> driver.serveAddresses(host, nic.bridge().name(), leases));
    var attachment = driver.attach(host, vm, nic.device(), nic.port());
    return new NicSpec(nic.device(), nic.port().mac(), nic.port().mtu(), attachment);
  }

  static Nic nic(Snapshot state, Ref<Vif> ref, Vif vif, Ref<Host> host) {
    Network network = state.get(ApiModel.NETWORK, vif.network());
    boolean uplink = pifs(state, network).stream().anyMatch(p -> p.host().equals(host));
    return new Nic(
        ref,
        Integer.parseInt(vif.device()),
        Wiring.bridge(state, vif.network(), host),
        GuestPorts.of(vif, network, uplink),
        InternalNetwork.service(state, vif.network(), host));
  }

  /**
   * A network with interfaces must have a plugged one on the host; one without any lives on one
   * host at a time. It must not be changing just now.
   */
  static void checkNetwork(Snapshot state, Ref<Vm> vm, Ref<Network> ref, Ref<Host> host) {
    PifRules.checkIdle(state, ref);
    Network network = state.get(ApiModel.NETWORK, ref);
    List<Pif> pifs = pifs(state, network);
    boolean here = pifs.stream().anyMatch(p -> p.host().equals(host) && p.currentlyAttached());
    if (!pifs.isEmpty() && !here) {
      throw ApiErrors.vmRequiresNetwork(vm.text(), ref.text());
    }
    if (pifs.isEmpty() && elsewhere(state, network, vm, host)) {
      throw ApiErrors.hostCannotAttachNetwork(host.text(), ref.text());
    }
  }

  private static boolean elsewhere(Snapshot state, Network network, Ref<Vm> vm, Ref<Host> host) {
    return network.vifs().stream()
        .flatMap(ref -> state.find(ApiModel.VIF, ref).stream())
        .filter(vif -> !vif.vm().equals(vm))
        .filter(vif -> vif.currentlyAttached() || !vif.currentOperations().isEmpty())
        .flatMap(vif -> state.find(ApiModel.VM, vif.vm()).stream())
        .flatMap(other -> Stream.of(other.residentOn(), other.scheduledToBeResidentOn()))
        .anyMatch(other -> !other.isNull() && !other.equals(host));
  }

  private static List<Pif> pifs(Snapshot state, Network network) {
    return network.pifs().stream().flatMap(ref -> state.find(ApiModel.PIF, ref).stream()).toList();
  }

  private static UUID uuid(Snapshot state, Ref<Host> host) {
    return UUID.fromString(state.get(ApiModel.HOST, host).uuid());
  }
}
