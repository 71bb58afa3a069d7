package io.keelson.control.host;

import io.keelson.host.HypervisorFacts;
import io.keelson.host.Machine;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the product says of itself. */
public final class Product {
  public static final String BRAND = "Keelson";
  public static final long API_MAJOR = 2;
  public static final long API_MINOR = 5;
  public static final String API_VENDOR = "Keelson";

  /** The XenServer release whose API version this is: clients decide by it what they may call. */
  private static final String COMPATIBLE = "7.0.0";

  /** The platform version of that release. */
  private static final String PLATFORM = "2.1.0";

  private Product() {}

  /** This build's own version. */
  public static String version() {
    String version = Product.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /**
   * host.software_version.
   *
   * @param networkBackend what switches the host's networks
   */
  public static Map<String, String> softwareVersion(
      Machine.Facts machine, HypervisorFacts hypervisor, String networkBackend) {
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
    version.put("hostname", machine.hostname());
    version.put("linux", machine.linuxVersion());
    version.put("distribution", machine.distribution());
    version.put("hypervisor", hypervisor.name());
    version.put("hypervisor_version", hypervisor.version());
    version.put("hardware_acceleration", Boolean.toString(hypervisor.accelerated()));
    version.put("network_backend", networkBackend);
    return Map.copyOf(version);
  }
}
