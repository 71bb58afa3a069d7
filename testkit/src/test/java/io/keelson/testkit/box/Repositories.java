package io.keelson.testkit.box;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.YES;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.number;
import static io.keelson.testkit.wire.Values.record;
import static io.keelson.testkit.wire.Values.text;

import io.keelson.testkit.wire.Api;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Repositories of files that tests make. */
public final class Repositories {
  private Repositories() {}

  /** One that other pools can reach too, by the same {@code device_config}. */
  public static JsonNode shared(Api api, JsonNode deviceConfig) {
    return made(api, api.call("host.get_all").get(0), deviceConfig, "shared", YES);
  }

  /** One of a host's own. */
  public static JsonNode local(Api api, JsonNode host, String location, String name) {
    return made(api, host, map(Map.of("location", location)), name, NO);
  }

  /**
   * Has a pool reach what another has made as shared.
   *
   * @return its connection, which is plugged
   */
  public static JsonNode introduced(Api api, String uuid, JsonNode deviceConfig) {
    JsonNode sr =
        api.call(
            "SR.introduce",
            text(uuid),
            text("shared"),
            text(""),
            text("file"),
            text("user"),
            YES,
            map(Map.of()));
    ObjectNode pbd = record();
    pbd.set("host", api.call("host.get_all").get(0));
    pbd.set("SR", sr);
    pbd.set("device_config", deviceConfig);
    pbd.set("other_config", map(Map.of()));
    JsonNode made = api.call("PBD.create", pbd);
    api.call("PBD.plug", made);
    return made;
  }

  private static JsonNode made(
      Api api, JsonNode host, JsonNode deviceConfig, String name, JsonNode shared) {
    return api.call(
        "SR.create",
        host,
        deviceConfig,
        number(0),
        text(name),
        text(""),
        text("file"),
        text("user"),
        shared,
        map(Map.of()));
  }
}
