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
import io.keelson.control.rules.HostId;
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
import java.util.Map;
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
    return new Plan(HostId.of(tx, host), UUID.fromString(tx.get(ApiModel.VM, vm).uuid()), nics);
  }

  /**
   * Checks that the attached cards of a running VM can be on the host, and claims them.
   *
   * @param networks what some cards are to be on afterwards; the others stay on theirs
   * @throws io.keelson.api.ApiError as {@link #claim}
   */
  public static Plan claimMove(
      Transaction tx,
      Claims claims,
      Ref<Vm> vm,
      Ref<Host> host,
      Map<Ref<Vif>, Ref<Network>> networks) {
    List<Nic> nics = new ArrayList<>();
    for (Ref<Vif> ref : tx.get(ApiModel.VM, vm).vifs()) {
      Vif vif = tx.get(ApiModel.VIF, ref);
      if (vif.currentlyAttached()) {
        raise(Refusals.busy("VIF", ref, vif.currentOperations(), VifOperations::text));
        Ref<Network> network = networks.getOrDefault(ref, vif.network());
        checkNetwork(tx, vm, network, host);
        claims.add(ApiModel.VIF, ref, VifFields.CURRENT_OPERATIONS, VifOperations.ATTACH);
        nics.add(nic(tx, ref, vif.with(b -> b.network(network)), host));
      }
    }
    nics.sort(Comparator.comparingInt(Nic::device));
    return new Plan(HostId.of(tx, host), UUID.fromString(tx.get(ApiModel.VM, vm).uuid()), nics);
  }

  /** Checks that the host reaches the networks that the VM's cards would be on. */
  public static void checkMove(
      Snapshot state, Ref<Vm> vm, Ref<Host> host, Map<Ref<Vif>, Ref<Network>> networks) {
    for (Ref<Vif> ref : state.get(ApiModel.VM, vm).vifs()) {
      Ref<Network> network = state.get(ApiModel.VIF, ref).network();
      checkNetwork(state, vm, networks.getOrDefault(ref, network), host);
    }
  }

  /** Puts cards on other networks, as far as the records go. */
  public static void moved(Transaction tx, Map<Ref<Vif>, Ref<Network>> networks) {
    networks.forEach((ref, network) -> {
      Vif vif = tx.get(ApiModel.VIF, ref);
      if (!vif.network().equals(network)) {
        InternalNetwork.forget(tx, ref);
        tx.update(ApiModel.VIF, ref, v -> v.with(b -> b.network(network)));
        if (vif.currentlyAttached()) {
          InternalNetwork.assign(tx, ref);
        }
      }
    });
  }

  /**
   * Connects the cards a second time, for a run that is to follow the present one on the same host;
   * {@link #keep} must follow. When it fails, only the present connections are left.
   *
   * @param present the cards as they are connected
   */
  public List<NicSpec> attachNext(Plan plan, List<NicSpec> present) {
    List<NicSpec> specs = new ArrayList<>();
    try {
      plan.nics().forEach(nic -> specs.add(connect(plan.host(), plan.vm(), nic, true)));
    } catch (RuntimeException failure) {
      keep(plan.host(), plan.vm(), present);
      throw failure;
    }
    return specs;
  }

  /** Leaves of each card's connections only the one in use. */
  public void keep(UUID host, UUID vm, List<NicSpec> used) {
    used.forEach(nic -> driver.keep(host, vm, nic.device(), nic.attachment()));
  }

  /** {@link #keep} after an interrupted move, with every card on the network of its record. */
  public void settle(Snapshot state, Ref<Vm> vm, Ref<Host> host, List<NicSpec> used) {
    UUID id = HostId.of(state, host);
    UUID vmId = UUID.fromString(state.get(ApiModel.VM, vm).uuid());
    keep(id, vmId, used);
    for (Ref<Vif> ref : state.get(ApiModel.VM, vm).vifs()) {
      Vif vif = state.get(ApiModel.VIF, ref);
      if (vif.currentlyAttached()) {
        connect(id, vmId, nic(state, ref, vif, host));
      }
    }
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
          HostId.of(state, host), UUID.fromString(record.uuid()), Integer.parseInt(vif.device()));
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
    return connect(host, vm, nic, false);
  }

  private NicSpec connect(UUID host, UUID vm, Nic nic, boolean next) {
    driver.ensureBridge(host, nic.bridge());
    nic.leases().ifPresent(leases -> driver.serveAddresses(host, nic.bridge().name(), leases));
    var attachment =
        next
            ? driver.attachNext(host, vm, nic.device(), nic.port())
            : driver.attach(host, vm, nic.device(), nic.port());
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
}
