package io.keelson.host.sim;

import io.keelson.host.DeviceSpec;
import io.keelson.host.Devices;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.PciDevice;
import io.keelson.host.PciDevice.Share;
import io.keelson.host.PciDevice.Technique;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The devices of simulated hosts: each has a screen and a network card. But for every third, they
 * have an IOMMU and two graphics processors that divide themselves, with a sound device each.
 *
 * <p>A device is with one machine at a time, and holds no more parts than it says it can.
 */
final class SimulatedPci implements Devices {
  static final String SCREEN = "0000:00:02.0";
  private static final String CARD = "0000:00:03.0";
  private static final List<String> PROCESSORS = List.of("0000:41:00.0", "0000:42:00.0");
  private static final int DISPLAY = 0x0300;
  private static final String MAKER = "5153";
  private static final List<Share> SHARES = List.of(share("big", 4, 2), share("small", 1, 4));

  private final SimulatedHosts hosts;
  private final SimulatedDomains domains;

  SimulatedPci(SimulatedHosts hosts, SimulatedDomains domains) {
    this.hosts = hosts;
    this.domains = domains;
  }

  private static Share share(String size, int gib, int most) {
    return new Share(
        MAKER + ":2001:" + size,
        Technique.NVIDIA,
        "Simulation",
        "Simulated " + size + " vGPU",
        (long) gib << 30,
        gib,
        2560,
        1600,
        most);
  }

  /** Whether the host has what machines can be given. */
  private boolean isRich(UUID host) {
    return hosts.number(host) % 3 != 0;
  }

  @Override
  public List<PciDevice> scan(UUID host) {
    SimulatedHosts.Run _ = hosts.run(host);
    PciDevice screen =
        device(SCREEN, DISPLAY, "VGA compatible controller", "1001", "Simulated screen", Set.of());
    PciDevice card =
        device(CARD, 0x0200, "Ethernet controller", "1002", "Simulated network card", Set.of());
    List<PciDevice> all = new ArrayList<>(List.of(shown(screen), card));
    if (isRich(host)) {
      for (String address : PROCESSORS) {
        String sound = address.replace(".0", ".1");
        all.add(
            divided(
                device(
                    address,
                    DISPLAY,
                    "VGA compatible controller",
                    "2001",
                    "Simulated GPU",
                    Set.of(sound))));
        all.add(device(sound, 0x0403, "Audio device", "2002", "Simulated sound", Set.of(address)));
      }
    }
    return List.copyOf(all);
  }

  private static PciDevice device(
      String address, int code, String className, String id, String name, Set<String> together) {
    return new PciDevice(
        address,
        code,
        className,
        MAKER,
        "Simulation",
        id,
        name,
        "Simulation",
        name + " card",
        together,
        false,
        List.of());
  }

  private static PciDevice shown(PciDevice it) {
    return with(it, true, it.shares());
  }

  private static PciDevice divided(PciDevice it) {
    return with(it, it.bootDisplay(), SHARES);
  }

  private static PciDevice with(PciDevice it, boolean bootDisplay, List<Share> shares) {
    return new PciDevice(
        it.address(),
        it.classCode(),
        it.className(),
        it.vendor(),
        it.vendorName(),
        it.device(),
        it.deviceName(),
        it.subsystemVendorName(),
        it.subsystemDeviceName(),
        it.together(),
        bootDisplay,
        shares);
  }

  @Override
  public Optional<String> lacks(UUID host) {
    return isRich(host) ? Optional.empty() : Optional.of("the simulated host has no IOMMU");
  }

  @Override
  public void prepare(UUID host, List<DeviceSpec> devices) {
    List<DeviceSpec> inUse = new ArrayList<>();
    domains.of(host).forEach(domain -> inUse.addAll(domain.spec().devices()));
    for (DeviceSpec device : devices) {
      check(host, inUse, device);
      inUse.add(device);
    }
  }

  private void check(UUID host, List<DeviceSpec> inUse, DeviceSpec wanted) {
    PciDevice device =
        scan(host).stream()
            .filter(each -> each.address().equals(wanted.address()))
            .findFirst()
            .orElseThrow(() -> new DriverException(Reason.NOT_FOUND, "no device " + wanted));
    List<DeviceSpec> others =
        inUse.stream().filter(d -> d.address().equals(wanted.address())).toList();
    boolean room =
        switch (wanted) {
          case DeviceSpec.Whole _ -> others.isEmpty();
          case DeviceSpec.Part part -> {
            Share share =
                device.shares().stream()
                    .filter(s -> s.identifier().equals(part.type()))
                    .findFirst()
                    .orElseThrow(
                        () -> new DriverException(Reason.NOT_FOUND, "no part " + part.type()));
            yield others.size() < share.most()
                && others.stream()
                    .allMatch(o -> o instanceof DeviceSpec.Part p && p.type().equals(part.type()));
          }
        };
    if (!room) {
      throw new DriverException(Reason.NO_SPACE, wanted + " is in use");
    }
    if (wanted instanceof DeviceSpec.Whole) {
      lacks(host)
          .ifPresent(missing -> {
            throw new DriverException(Reason.UNSUPPORTED, missing);
          });
    }
  }

  /** The end of a domain is the end of its hold. */
  @Override
  public void release(UUID host, List<DeviceSpec> devices) {}

  @Override
  public void requireWithholding(UUID host, String address) {
    int _ = hosts.number(host);
  }

  @Override
  public void withhold(UUID host, String address) {
    requireWithholding(host, address);
  }

  @Override
  public void requireHiding(UUID host) {
    int _ = hosts.number(host);
  }

  @Override
  public void hideConsole(UUID host) {
    requireHiding(host);
  }
}
