package io.keelson.server.firstboot;

import io.keelson.control.host.Product;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Nothing is restricted and nothing expires; clients ask for it in these words. */
final class License {
  private static final List<String> UNRESTRICTED =
      List.of(
          "restrict_connection",
          "restrict_pooling",
          "restrict_pool_attached_storage",
          "restrict_qos",
          "restrict_vlan",
          "restrict_email_alerting",
          "restrict_historical_performance",
          "restrict_rbac",
          "restrict_ad",
          "restrict_vm_memory_introspection",
          "restrict_storage_xen_motion",
          "restrict_cross_pool_migrate");

  static final Map<String, String> PARAMS = params();

  static final Map<String, String> SERVER = Map.of("address", "localhost", "port", "27000");

  private License() {}

  private static Map<String, String> params() {
    Map<String, String> params = new HashMap<>();
    params.put("sku_type", "free");
    params.put("sku_marketing_name", Product.BRAND);
    params.put("expiry", "20991231T00:00:00Z");
    UNRESTRICTED.forEach(name -> params.put(name, "false"));
    return Map.copyOf(params);
  }
}
