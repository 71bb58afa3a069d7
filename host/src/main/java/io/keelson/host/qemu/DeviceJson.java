package io.keelson.host.qemu;

import io.keelson.host.DeviceSpec;
import io.keelson.host.qemu.qmp.Json;
import java.util.List;
import java.util.UUID;

/** The devices of its host that a domain has, as its record keeps them. */
final class DeviceJson {
  private DeviceJson() {}

  static Json.Items all(List<DeviceSpec> devices) {
    return new Json.Items(devices.stream().map(DeviceJson::one).toList());
  }

  private static Json one(DeviceSpec device) {
    Json.Builder json = Json.object().put("address", device.address());
    return switch (device) {
      case DeviceSpec.Whole whole -> json.put("returns", whole.returns()).build();
      case DeviceSpec.Part part ->
          json.put("part", part.id().toString()).put("type", part.type()).build();
    };
  }

  static List<DeviceSpec> read(List<Json> items) {
    return items.stream()
        .filter(Json.Members.class::isInstance)
        .map(Json.Members.class::cast)
        .map(DeviceJson::one)
        .toList();
  }

  private static DeviceSpec one(Json.Members device) {
    String address = device.text("address").orElse("");
    return device
        .text("part")
        .<DeviceSpec>map(
            id -> new DeviceSpec.Part(UUID.fromString(id), address, device.text("type").orElse("")))
        .orElseGet(() -> new DeviceSpec.Whole(address, device.isTrue("returns")));
  }
}
