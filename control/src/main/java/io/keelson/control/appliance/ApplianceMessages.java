package io.keelson.control.appliance;

import io.keelson.api.BoundMessage;
import io.keelson.api.messages.VmApplianceConfiguration;
import io.keelson.api.messages.VmAppliancePower;
import io.keelson.api.messages.VmLifecycle;
import io.keelson.control.Resources;
import java.util.List;
import java.util.stream.Stream;

/** The messages about appliances, apart from their recovery. */
public final class ApplianceMessages {
  private ApplianceMessages() {}

  /**
   * @param vms starts and stops single VMs
   */
  public static List<BoundMessage> all(Resources resources, VmLifecycle vms) {
    return Stream.of(
            VmApplianceConfiguration.bind(new VmApplianceConfigurationHandler(resources.store())),
            VmAppliancePower.bind(new VmAppliancePowerHandler(resources, vms)))
        .flatMap(List::stream)
        .toList();
  }
}
