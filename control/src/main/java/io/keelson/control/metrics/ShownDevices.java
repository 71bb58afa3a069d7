package io.keelson.control.metrics;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Pif;
import io.keelson.host.Network.Interface;
import io.keelson.store.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the metrics objects of devices show of what was measured. */
final class ShownDevices {
  private ShownDevices() {}

  /** Of the drives and cards of a VM that the drivers tell of. */
  static List<Shown> of(VmUsage usage, Live live) {
    List<Shown> shown = new ArrayList<>();
    usage
        .disks()
        .forEach((number, vbd) -> {
          if (usage.disk(number).isPresent() && !vbd.metrics().isNull()) {
            String name = VmMeasurements.disk(number);
            shown.add(
                new VbdReading(
                    vbd.metrics(),
                    Rounded.kibs(live.value(name + "_read")),
                    Rounded.kibs(live.value(name + "_write"))));
          }
        });
    usage
        .cards()
        .forEach((number, vif) -> {
          if (usage.traffic().containsKey(number) && !vif.metrics().isNull()) {
            String name = VmMeasurements.card(number);
            shown.add(
                new VifReading(
                    vif.metrics(),
                    Rounded.kibs(live.value(name + "_rx")),
                    Rounded.kibs(live.value(name + "_tx"))));
          }
        });
    return shown;
  }

  /** Of the interfaces of a host that are there. */
  static List<Shown> pifs(Snapshot state, Survey survey, Live live) {
    List<Shown> shown = new ArrayList<>();
    for (Ref<Pif> ref : survey.host().record().pifs()) {
      Pif pif = state.get(ApiModel.PIF, ref);
      Optional<Interface> found = Optional.ofNullable(survey.interfaces().get(pif.device()));
      String name = "pif_" + pif.device();
      found.ifPresent(one ->
          shown.add(
              new PifReading(
                  pif.metrics(),
                  one.carrier(),
                  Rounded.kibs(live.value(name + "_rx")),
                  Rounded.kibs(live.value(name + "_tx")))));
    }
    return shown;
  }
}
