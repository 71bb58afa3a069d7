package io.keelson.control.network;

import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.Type;
import io.keelson.api.messages.BondLifecycle;
import io.keelson.api.messages.BondSettings;
import io.keelson.api.model.Bond;
import io.keelson.api.model.BondMode;
import io.keelson.api.model.Network;
import io.keelson.api.model.Pif;
import io.keelson.control.Resources;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Bonds: made, split, changed. */
record BondHandler(Resources resources) implements BondLifecycle, BondSettings {
  private static final Type<Ref<Bond>> BOND = new Type.Reference<>("Bond");

  @Override
  public Ref<Bond> create(
      Call call,
      Ref<Network> network,
      Set<Ref<Pif>> members,
      String mac,
      BondMode mode,
      Map<String, String> properties) {
    CreateBond steps = new CreateBond(driver(), network, members, mac, mode, properties);
    return resources.operations().run(call, BOND, steps);
  }

  @Override
  public void destroy(Call call, Ref<Bond> self) {
    resources.operations().run(call, new DestroyBond(driver(), self));
  }

  /** The settings of one mode mean nothing to another. */
  @Override
  public void setMode(Call call, Ref<Bond> self, BondMode value) {
    change(
        call,
        self,
        bond -> bond.with(b -> b.mode(value).properties(BondProperties.checked(value, Map.of()))));
  }

  @Override
  public void setProperty(Call call, Ref<Bond> self, String name, String value) {
    change(
        call,
        self,
        bond -> {
          Map<String, String> properties = new HashMap<>(bond.properties());
          properties.put(name, value);
          return bond.with(b -> b.properties(BondProperties.checked(bond.mode(), properties)));
        });
  }

  private void change(Call call, Ref<Bond> self, UnaryOperator<Bond> change) {
    resources.operations().run(call, new SetBond(driver(), self, change));
  }

  private io.keelson.host.Network driver() {
    return resources.drivers().network();
  }
}
