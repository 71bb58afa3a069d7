package io.keelson.control.vm.guest;

import io.keelson.api.ApiModel;
import io.keelson.api.model.TristateType;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmGuestMetrics;
import io.keelson.control.vm.rule.GuestFeatures;
import io.keelson.host.GuestReport;
import io.keelson.host.GuestReport.Card;
import io.keelson.host.GuestReport.Feature;
import io.keelson.host.GuestReport.OperatingSystem;
import io.keelson.store.Snapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What a guest's agent reports, as VM_guest_metrics shows it. */
final class GuestMetrics {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final List<String> VERSION_PARTS = List.of("major", "minor", "micro", "build");

  private GuestMetrics() {}

  /**
   * The record with what the agent says. An agent that talks through a virtio port runs on a guest
   * with virtio drivers, which know of devices that come and go.
   */
  static VmGuestMetrics reported(Snapshot state, Vm vm, VmGuestMetrics before, GuestReport report) {
    return before.with(b ->
        b.live(true)
            .osVersion(system(report.system()))
            .pvDriversVersion(version(report.agentVersion()))
            .pvDriversDetected(true)
            .pvDriversUpToDate(true)
            .canUseHotplugVbd(TristateType.YES)
            .canUseHotplugVif(TristateType.YES)
            .networks(networks(state, vm, report.cards()))
            .other(other(report)));
  }

  private static Map<String, String> system(OperatingSystem system) {
    Map<String, String> map = new HashMap<>();
    put(map, "name", system.name());
    put(map, "uname", system.kernel());
    put(map, "distro", system.id());
    List<String> numbers = numbers(system.version());
    put(map, "major", numbers.isEmpty() ? "" : numbers.getFirst());
    put(map, "minor", numbers.size() < 2 ? "" : numbers.get(1));
    return Map.copyOf(map);
  }

  private static Map<String, String> version(String text) {
    List<String> numbers = numbers(text);
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < VERSION_PARTS.size(); i++) {
      map.put(VERSION_PARTS.get(i), i < numbers.size() ? numbers.get(i) : "0");
    }
    return Map.copyOf(map);
  }

  private static List<String> numbers(String text) {
    return NUMBER.matcher(text).results().map(found -> found.group()).toList();
  }

  /** Addresses under the numbers of the VM's cards, as their hardware addresses tell them. */
  private static Map<String, String> networks(Snapshot state, Vm vm, List<Card> cards) {
    Map<String, String> devices = new HashMap<>();
    for (var ref : vm.vifs()) {
      state
          .find(ApiModel.VIF, ref)
          .ifPresent(vif -> devices.put(vif.mac().toLowerCase(Locale.ROOT), vif.device()));
    }
    Map<String, String> networks = new TreeMap<>();
    for (Card card : cards) {
      String device = devices.getOrDefault(card.mac(), "");
      if (!device.isEmpty()) {
        card.ipv4().stream().findFirst().ifPresent(ip -> networks.put(device + "/ip", ip));
        number(networks, device + "/ipv4/", card.ipv4());
        number(networks, device + "/ipv6/", card.ipv6());
      }
    }
    return Map.copyOf(networks);
  }

  private static void number(Map<String, String> networks, String key, List<String> addresses) {
    for (int i = 0; i < addresses.size(); i++) {
      networks.put(key + i, addresses.get(i));
    }
  }

  private static Map<String, String> other(GuestReport report) {
    Map<String, String> map = new HashMap<>();
    put(map, "hostname", report.hostName());
    for (Feature feature : report.features()) {
      switch (feature) {
        case SHUTDOWN -> {
          map.put("feature-poweroff", GuestFeatures.YES);
          map.put("feature-reboot", GuestFeatures.YES);
        }
        case FREEZE -> map.put(GuestFeatures.QUIESCE, GuestFeatures.YES);
        case PROCESSORS -> map.put("feature-vcpu-hotplug", GuestFeatures.YES);
        case ADDRESSES -> map.put(GuestFeatures.STATIC_IP, GuestFeatures.YES);
        case SETTINGS -> {} // clients know no name for it
      }
    }
    return Map.copyOf(map);
  }

  private static void put(Map<String, String> map, String key, String value) {
    if (!value.isEmpty()) {
      map.put(key, value);
    }
  }
}
