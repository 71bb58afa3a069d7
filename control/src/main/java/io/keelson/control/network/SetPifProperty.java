package io.keelson.control.network;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Pif;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Network;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Changes a run-time property of an interface, or of all members of a bond. */
record SetPifProperty(Network driver, Ref<Pif> pif, String name, String value)
    implements Steps<SetPifProperty.Plan, SetPifProperty.Plan> {
  private static final Set<String> VALUES = Set.of(PifProperties.ON, "off");

  /**
   * What is to be done.
   *
   * @param interfaces whose records change
   * @param devices real ones, with whether the property is on now
   */
  record Plan(UUID host, List<Ref<Pif>> interfaces, Map<String, Boolean> devices) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    if (!name.equals(PifProperties.GRO) || !VALUES.contains(value)) {
      throw ApiErrors.invalidValue("properties", name + " = " + value);
    }
    Pif record = tx.get(ApiModel.PIF, pif);
    if (!(record.physical() || !record.bondMasterOf().isEmpty())
        || !record.bondSlaveOf().isNull()) {
      throw ApiErrors.cannotChangePifProperties(pif.text());
    }
    PifRules.claim(tx, claims, Set.of(record.network()));
    List<Ref<Pif>> interfaces = new ArrayList<>(List.of(pif));
    record.bondMasterOf().forEach(bond -> interfaces.addAll(tx.get(ApiModel.BOND, bond).slaves()));
    Map<String, Boolean> devices = new HashMap<>();
    for (Ref<Pif> ref : interfaces) {
      Pif one = tx.get(ApiModel.PIF, ref);
      if (one.physical()) {
        devices.put(one.device(), PifProperties.merges(one));
      }
    }
    return new Plan(PlugPif.host(tx, record), List.copyOf(interfaces), Map.copyOf(devices));
  }

  @Override
  public Plan act(Plan plan, Progress progress) {
    try {
      plan.devices()
          .keySet()
          .forEach(d -> driver.mergeReceived(plan.host(), d, value.equals(PifProperties.ON)));
      return plan;
    } catch (DriverException e) {
      revert(plan, plan);
      if (e.reason() == Reason.UNSUPPORTED) {
        throw ApiErrors.pifConfigurationError(pif.text(), String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  @Override
  public void settle(Transaction tx, Plan plan, Plan done) {
    for (Ref<Pif> ref : plan.interfaces()) {
      tx.update(
          ApiModel.PIF,
          ref,
          p -> {
            Map<String, String> properties = new HashMap<>(p.properties());
            properties.put(name, value);
            return p.with(b -> b.properties(Map.copyOf(properties)));
          });
    }
  }

  /** Devices that could not be changed cannot be changed back either, and need not be. */
  @Override
  public void revert(Plan plan, Plan done) {
    plan.devices()
        .forEach((device, on) -> {
          try {
            driver.mergeReceived(plan.host(), device, on);
          } catch (DriverException e) {
            return;
          }
        });
  }
}
