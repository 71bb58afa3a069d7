package io.keelson.server.firstboot;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the product says of itself. */
final class Product {
  static final String BRAND = "Keelson";
  static final long API_MAJOR = 2;
  static final long API_MINOR = 5;
  static final String API_VENDOR = "Keelson";

  /** The XenServer release whose API version this is: clients decide by it what they may call. */
  private static final String COMPATIBLE = "7.0.0";

  /** The platform version of that release. */
  private static final String PLATFORM = "2.1.0";

  private Product() {}

  /** This build's own version. */
  static String version() {
    String version = Product.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** host.software_version. */
  static Map<String, String> softwareVersion(HostFacts facts) {
    Map<String, String> version = new LinkedHashMap<>();
    version.put("product_brand", BRAND);
    version.put("product_version", COMPATIBLE);
    version.put("product_version_text", "7.0");
    version.put("product_version_text_short", "7.0");
    version.put("platform_name", BRAND);
    version.put("platform_version", PLATFORM);
    version.put("build_number", version());
    version.put("keelson", version());
    version.put("xapi", API_MAJOR + "." + API_MINOR);
    version.put("hostname", facts.machine().hostname());
    version.put("linux", facts.machine().linuxVersion());
    version.put("distribution", facts.machine().distribution());
    version.put("hypervisor", facts.hypervisor().name());
    version.put("hypervisor_version", facts.hypervisor().version());
    version.put("hardware_acceleration", Boolean.toString(facts.hypervisor().accelerated()));
    version.put("network_backend", facts.networkBackend());
    return Map.copyOf(version);
  }
}
