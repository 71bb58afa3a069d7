package io.keelson.control.network;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.Type;
import io.keelson.api.messages.PifVlans;
import io.keelson.api.messages.PoolVlans;
import io.keelson.api.messages.VlanMessages;
import io.keelson.api.model.Host;
import io.keelson.api.model.Network;
import io.keelson.api.model.Pif;
import io.keelson.api.model.Vlan;
import io.keelson.control.Resources;
import io.keelson.control.network.CreateVlans.Made;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** VLANs, made one by one or on every host. */
record VlanHandler(Resources resources) implements VlanMessages {
  private static final Type<Ref<Vlan>> VLAN = new Type.Reference<>("VLAN");
  private static final Type<Ref<Pif>> PIF = new Type.Reference<>("PIF");

  @Override
  public Ref<Vlan> create(Call call, Ref<Pif> taggedPif, long tag, Ref<Network> network) {
    return resources
        .operations()
        .run(call, VLAN, steps(_ -> List.of(taggedPif), tag, network), m -> m.getFirst().vlan());
  }

  @Override
  public void destroy(Call call, Ref<Vlan> self) {
    Ref<Pif> untagged = resources.store().snapshot().get(ApiModel.VLAN, self).untaggedPif();
    resources.operations().run(call, new RemovePif(resources.drivers().network(), untagged));
  }

  private CreateVlans steps(
      Function<Snapshot, List<Ref<Pif>>> choose, long tag, Ref<Network> network) {
    return new CreateVlans(resources.drivers().network(), choose, tag, network);
  }

  private static Ref<Pif> onDevice(Snapshot state, Ref<Host> host, String device) {
    state.get(ApiModel.HOST, host);
    return state
        .rows(ApiModel.PIF)
        .filter(row -> row.record().host().equals(host))
        .filter(row -> row.record().device().equals(device) && row.record().vlan() < 0)
        .map(Row::ref)
        .findFirst()
        .orElseThrow(ApiErrors::pifDeviceNotFound);
  }

  /** PIF.create_VLAN. */
  record OfHost(VlanHandler vlans) implements PifVlans {
    @Override
    public Ref<Pif> createVlan(
        Call call, String device, Ref<Network> network, Ref<Host> host, long vlan) {
      var steps = vlans.steps(state -> List.of(onDevice(state, host, device)), vlan, network);
      return vlans.resources().operations().run(call, PIF, steps, m -> m.getFirst().untagged());
    }
  }

  /** pool.create_VLAN and create_VLAN_from_PIF. */
  record OfPool(VlanHandler vlans) implements PoolVlans {
    private static final Type<Set<Ref<Pif>>> PIFS = new Type.SetOf<>(PIF);

    @Override
    public Set<Ref<Pif>> createVlan(Call call, String device, Ref<Network> network, long vlan) {
      return create(call, network, vlan, state -> onDevices(state, device));
    }

    @Override
    public Set<Ref<Pif>> createVlanFromPif(
        Call call, Ref<Pif> pif, Ref<Network> network, long vlan) {
      return create(call, network, vlan, state -> besides(state, pif));
    }

    private Set<Ref<Pif>> create(
        Call call, Ref<Network> network, long vlan, Function<Snapshot, List<Ref<Pif>>> choose) {
      return vlans
          .resources()
          .operations()
          .run(
              call,
              PIFS,
              vlans.steps(choose, vlan, network),
              made -> made.stream().map(Made::untagged).collect(Collectors.toUnmodifiableSet()));
    }

    private static List<Ref<Pif>> onDevices(Snapshot state, String device) {
      return state.rows(ApiModel.HOST).map(host -> onDevice(state, host.ref(), device)).toList();
    }

    /** The interfaces of all hosts on the network that the given one is on. */
    private static List<Ref<Pif>> besides(Snapshot state, Ref<Pif> pif) {
      Network shared = state.get(ApiModel.NETWORK, state.get(ApiModel.PIF, pif).network());
      return shared.pifs().stream().sorted(Comparator.comparing(Ref::text)).toList();
    }
  }
}
