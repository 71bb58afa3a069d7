package io.keelson.server.firstboot;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.control.network.PifRecords;
import io.keelson.control.network.Uplinks;
import io.keelson.host.Drivers;
import io.keelson.store.Row;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Makes the objects of a new pool in one transaction: hosts, control domains, networks, storage
 * repositories, templates. In a pool that exists it keeps what is there, and brings the facts of
 * the machines up to date.
 */
public final class FirstBoot {
  private final Store store;
  private final Drivers drivers;
  private final Settings settings;
  private final Clock clock;

  /**
   * What the operator decides.
   *
   * @param data folder of all that the server keeps
   * @param guest folder of the built-in guest's {@code vmlinuz} and {@code initrd}
   * @param address at which the hosts are reached
   * @param hosts how many this process runs; more than one only in a simulator
   * @param uplinks the machine's interfaces that networks may have
   */
  public record Settings(
      Path data, Optional<Path> guest, String address, int hosts, Uplinks uplinks) {}

  public FirstBoot(Store store, Drivers drivers, Settings settings, Clock clock) {
    this.store = store;
    this.drivers = drivers;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Makes or refreshes the objects.
   *
   * @param access makes the roles and the root user where they are not there yet
   * @return the uuids of the hosts that this process runs
   */
  public List<UUID> run(Consumer<Transaction> access) {
    List<UUID> hosts = hosts();
    List<HostFacts> facts =
        hosts.stream().map(host -> HostFacts.of(drivers, host, settings.address())).toList();
    boolean first = store.snapshot().table(ApiModel.POOL).size() == 0;
    Optional<FirstStorage> storage =
        first ? Optional.of(FirstStorage.prepare(drivers, folder(), hosts)) : Optional.empty();
    store.change(tx -> {
      access.accept(tx);
      StorageKinds.refresh(tx, drivers);
      facts.forEach(f -> refresh(tx, f));
      storage.ifPresent(s -> makePool(tx, s, hosts));
      settings.guest().ifPresent(guest -> BuiltInLinux.refresh(tx, guest));
    });
    return hosts;
  }

  private void refresh(Transaction tx, HostFacts facts) {
    Ref<Host> host = HostRows.refresh(tx, facts, clock);
    for (var found : facts.interfaces()) {
      boolean manages = facts.management().filter(found.device()::equals).isPresent();
      boolean bridges = drivers.network().abilities(facts.host()).bridges();
      boolean named = bridges && settings.uplinks().has(found.device());
      var standing = standing(manages, named || !bridges);
      PifRecords.refresh(tx, host, found, standing);
      PifRecords.own(tx, host, found, standing, named);
    }
  }

  /**
   * An interface is taken from the machine only when the operator says so. Where there are no
   * bridges nothing is taken, and VMs use what there is.
   *
   * @param ours whether VMs may use the interface from the start
   */
  private static PifRecords.Standing standing(boolean manages, boolean ours) {
    return new PifRecords.Standing(manages, ours || !manages, ours || manages);
  }

  private void makePool(Transaction tx, FirstStorage storage, List<UUID> hosts) {
    NetworkRows.makeInternal(tx);
    Ref<Host> master = HostRows.byUuid(tx, hosts.getFirst()).orElseThrow();
    PoolRows.make(tx, master, storage.makeRows(tx));
    Templates.make(tx);
  }

  /** The folder for data; the one for ISO images is made so that it can be filled. */
  private Path folder() {
    try {
      Files.createDirectories(settings.data().resolve("iso"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return settings.data().toAbsolutePath().normalize();
  }

  /** The hosts there are, oldest first, and new ones up to the number wanted. */
  private List<UUID> hosts() {
    List<UUID> hosts = new ArrayList<>();
    store
        .snapshot()
        .rows(ApiModel.HOST)
        .sorted(
            Comparator.<Row<Host>>comparingLong(Row::created)
                .thenComparing(row -> row.record().nameLabel())
                .thenComparing(row -> row.record().uuid()))
        .forEach(row -> hosts.add(UUID.fromString(row.record().uuid())));
    while (hosts.size() < settings.hosts()) {
      hosts.add(UUID.randomUUID());
    }
    return hosts;
  }
}
