package io.keelson.server.firstboot;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.PbdFields;
import io.keelson.api.model.Sr;
import io.keelson.api.model.SrFields;
import io.keelson.control.storage.SrScan;
import io.keelson.host.Drivers;
import io.keelson.host.Storage;
import io.keelson.store.Transaction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The repositories that a new pool has: one for disks and one for ISO images. */
final class FirstStorage {
  private final List<UUID> hosts;
  private final List<Prepared> prepared;

  /**
   * A repository that the driver has made and attached.
   *
   * @param forDisks whether disks, suspended memory and dumps go there
   */
  private record Prepared(
      UUID sr,
      String type,
      String name,
      String description,
      String contentType,
      Map<String, String> deviceConfig,
      Map<String, String> otherConfig,
      boolean forDisks,
      SrScan scan) {}

  private FirstStorage(List<UUID> hosts, List<Prepared> prepared) {
    this.hosts = hosts;
    this.prepared = prepared;
  }

  /** Has the drivers make the repositories and attach them on all hosts. */
  static FirstStorage prepare(Drivers drivers, Path data, List<UUID> hosts) {
    List<Prepared> all = new ArrayList<>();
    disks(drivers, data, hosts).ifPresent(all::add);
    isos(drivers, data, hosts).ifPresent(all::add);
    return new FirstStorage(hosts, all);
  }

  private static Optional<Prepared> disks(Drivers drivers, Path data, List<UUID> hosts) {
    return driver(drivers, "file")
        .map(driver -> {
          UUID sr = UUID.randomUUID();
          Map<String, String> config =
              Map.of("location", data.resolve("sr").resolve(sr.toString()).toString());
          return new Prepared(
              sr,
              "file",
              hosts.size() > 1 ? "Shared storage" : "Local storage",
              "Disks of VMs, in files",
              "user",
              config,
              Map.of("i18n-key", "local-storage"),
              true,
              attach(driver, hosts, sr, config));
        });
  }

  private static Optional<Prepared> isos(Drivers drivers, Path data, List<UUID> hosts) {
    return driver(drivers, "iso")
        .map(driver -> {
          UUID sr = UUID.randomUUID();
          Map<String, String> config = Map.of("location", data.resolve("iso").toString());
          return new Prepared(
              sr,
              "iso",
              "ISO library",
              "CD images; put files into its folder and scan it",
              "iso",
              config,
              Map.of(),
              false,
              attach(driver, hosts, sr, config));
        });
  }

  private static Optional<Storage> driver(Drivers drivers, String type) {
    return Optional.ofNullable(drivers.storages().get(type));
  }

  private static SrScan attach(
      Storage driver, List<UUID> hosts, UUID sr, Map<String, String> config) {
    UUID first = hosts.getFirst();
    driver.create(first, sr, config, 0);
    hosts.forEach(host -> driver.attach(host, sr, config));
    return new SrScan(driver.scan(first, sr), driver.space(first, sr));
  }

  /**
   * Writes the records, the hosts' connections among them.
   *
   * @return the repository for disks, or null
   */
  Ref<Sr> makeRows(Transaction tx) {
    Ref<Sr> forDisks = Ref.none();
    for (Prepared one : prepared) {
      Ref<Sr> sr = make(tx, one);
      if (one.forDisks()) {
        forDisks = sr;
      }
    }
    for (UUID host : hosts) {
      Ref<Sr> sr = forDisks;
      tx.update(
          ApiModel.HOST,
          HostRows.byUuid(tx, host).orElseThrow(),
          h -> h.with(b -> b.suspendImageSr(sr).crashDumpSr(sr)));
    }
    return forDisks;
  }

  private Ref<Sr> make(Transaction tx, Prepared one) {
    Ref<Sr> sr =
        tx.create(
            ApiModel.SR,
            SrFields.API_CLASS
                .blank()
                .with(b ->
                    b.uuid(one.sr().toString())
                        .nameLabel(one.name())
                        .nameDescription(one.description())
                        .type(one.type())
                        .contentType(one.contentType())
                        .shared(hosts.size() > 1)
                        .otherConfig(one.otherConfig())));
    for (UUID uuid : hosts) {
      Ref<Host> host = HostRows.byUuid(tx, uuid).orElseThrow();
      tx.create(
          ApiModel.PBD,
          PbdFields.API_CLASS
              .blank()
              .with(b ->
                  b.uuid(UUID.randomUUID().toString())
                      .host(host)
                      .sr(sr)
                      .deviceConfig(one.deviceConfig())
                      .currentlyAttached(true)));
    }
    one.scan().settle(tx, sr);
    return sr;
  }
}
