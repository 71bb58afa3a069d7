package io.keelson.control.pool.ha;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Cls;
import io.keelson.api.model.Host;
import io.keelson.api.model.Message;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Vdi;
import io.keelson.control.Resources;
import io.keelson.control.alert.Alert;
import io.keelson.control.alert.Alerts;
import io.keelson.control.rules.LiveHosts;
import io.keelson.control.storage.LeaseDisks;
import io.keelson.host.DriverException;
import io.keelson.image.lease.Lease;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the leases of the hosts that this server speaks for and that answer, on all statefiles,
 * and notices when a host's lease is no longer renewed. Of one thread alone, but for what says
 * otherwise.
 *
 * <p>A server that starts waits until it is certain that no other renews the leases of its hosts:
 * two servers with the same records would run the same VMs.
 */
final class Heartbeat {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  /** For so long the leases of another process have to stand still before they are taken over. */
  private static final Duration STILL = Duration.ofSeconds(5);

  private final Resources resources;
  private final LeaseDisks disks;
  private final HostFailure failure;
  private final Alerts alerts;
  private final UUID holder = UUID.randomUUID();
  private final Map<Ref<Vdi>, LeaseDisks.Open> open = new HashMap<>();
  private final Map<UUID, Seen> seen = new HashMap<>();
  private final Set<UUID> failed = new HashSet<>();
  private final long started = System.nanoTime();
  private long sequence = System.currentTimeMillis();

  /** Whether the leases are written here. */
  private boolean taken;

  /** Whether they have been found as they were written. */
  private volatile boolean armed;

  private boolean refused;
  private long lastGood = System.nanoTime();
  private boolean lost;

  /** A lease as it was when it last moved. */
  private record Seen(UUID holder, long sequence, long when) {
    boolean isOlderThan(Lease lease) {
      return !holder.equals(lease.holder()) || sequence < lease.sequence();
    }
  }

  Heartbeat(Resources resources, LeaseDisks disks, HostFailure failure) {
    this.resources = resources;
    this.disks = disks;
    this.failure = failure;
    this.alerts = new Alerts(resources.clock());
  }

  /** Whether this server may act for the pool: its hosts' leases are its own. */
  boolean isArmed() {
    return armed;
  }

  /** One beat, while HA is on. */
  void beat(Pool pool) {
    Snapshot state = resources.store().snapshot();
    Duration timeout = HaSettings.of(pool.haConfiguration()).timeout();
    Map<UUID, Ref<Host>> hosts = hosts(state);
    List<Lease> leases = new ArrayList<>();
    boolean good = false;
    for (Ref<Vdi> statefile : statefiles(state, pool)) {
      try {
        good |= on(state, statefile, hosts, leases);
      } catch (ApiError | DriverException | UncheckedIOException e) {
        LOG.warn("statefile {} cannot be used", statefile, e);
        letGo(statefile);
      }
    }
    long now = System.nanoTime();
    if (!good) {
      silent(pool, now, timeout);
      return;
    }
    lastGood = now;
    lost = false;
    note(leases, now);
    if (armed) {
      judge(hosts, now, timeout);
    } else if (!taken) {
      take(pool, hosts, now);
    }
  }

  /** Reads the leases of one statefile, and renews ours. */
  private boolean on(
      Snapshot state, Ref<Vdi> statefile, Map<UUID, Ref<Host>> hosts, List<Lease> leases) {
    LeaseDisks.Open disk = open.get(statefile);
    if (disk == null) {
      disk = disks.open(state, statefile);
      open.put(statefile, disk);
    }
    List<Lease> found = disk.read();
    leases.addAll(found);
    if (taken && found.stream().anyMatch(lease -> yieldsTo(hosts, lease))) {
      LOG.warn("another server has taken the leases of the pool's hosts");
      taken = false;
      armed = false;
    }
    if (taken) {
      if (!armed && found.stream().anyMatch(lease -> lease.holder().equals(holder))) {
        LOG.info("HA watches over the pool");
        hosts.keySet().forEach(host -> seen.put(host, new Seen(holder, 0, System.nanoTime())));
        armed = true;
      }
      sequence++;
      List<Lease> ours =
          hosts.keySet().stream()
              .filter(host -> LiveHosts.answers(resources.drivers().machine(), host))
              .map(host -> new Lease(host, holder, sequence))
              .toList();
      disk.write(ours);
      leases.addAll(ours);
    }
    return true;
  }

  /**
   * Of two processes that have taken the same lease at once, the one of the smaller name keeps it.
   */
  private boolean yieldsTo(Map<UUID, Ref<Host>> hosts, Lease lease) {
    Seen last = seen.get(lease.host());
    return hosts.containsKey(lease.host())
        && !lease.holder().equals(Lease.NOBODY)
        && lease.holder().compareTo(holder) < 0
        && (last == null || lease.sequence() > last.sequence());
  }

  /** When each lease last moved. */
  private void note(List<Lease> leases, long now) {
    for (Lease lease : leases) {
      Seen before = seen.get(lease.host());
      if (before == null || before.isOlderThan(lease)) {
        seen.put(lease.host(), new Seen(lease.holder(), lease.sequence(), now));
      }
    }
  }

  /** Takes the leases over, unless another process renews them. */
  private void take(Pool pool, Map<UUID, Ref<Host>> hosts, long now) {
    Optional<Seen> foreign =
        hosts.keySet().stream()
            .flatMap(host -> Optional.ofNullable(seen.get(host)).stream())
            .filter(s -> !s.holder().equals(holder) && !s.holder().equals(Lease.NOBODY))
            .filter(s -> now - s.when() < STILL.toNanos())
            .findFirst();
    if (foreign.isEmpty()) {
      taken = true;
      refused = false;
    } else if (!refused && now - started > 3 * STILL.toNanos()) {
      refused = true;
      tell(pool, Alert.HA_STATEFILE_LOST, "Another server renews the leases of the pool's hosts");
    }
  }

  private void judge(Map<UUID, Ref<Host>> hosts, long now, Duration timeout) {
    hosts.forEach((uuid, host) -> {
      Seen last = seen.get(uuid);
      if (last == null) {
        seen.put(uuid, new Seen(holder, 0, now)); // it has come since
      } else if (now - last.when() <= timeout.toNanos()) {
        failed.remove(uuid);
      } else if (failed.add(uuid)) {
        LOG.warn("host {} has not renewed its lease for {}", uuid, timeout);
        failure.happened(host, other -> isFresh(hosts, other, now, timeout));
      }
    });
  }

  private boolean isFresh(Map<UUID, Ref<Host>> hosts, Ref<Host> host, long now, Duration timeout) {
    return hosts.entrySet().stream()
        .filter(entry -> entry.getValue().equals(host))
        .flatMap(entry -> Optional.ofNullable(seen.get(entry.getKey())).stream())
        .anyMatch(s -> now - s.when() <= timeout.toNanos());
  }

  /** Without a statefile nobody knows who runs what, so that nothing is restarted. */
  private void silent(Pool pool, long now, Duration timeout) {
    if (now - lastGood > timeout.toNanos() && !lost) {
      lost = true;
      taken = false;
      armed = false;
      seen.clear();
      tell(pool, Alert.HA_STATEFILE_LOST, "No statefile can be used; VMs are not restarted");
    }
  }

  private void tell(Pool pool, Alert alert, String body) {
    LOG.warn("{}: {}", alert, body);
    resources
        .store()
        .change(tx -> {
          Ref<Message> _ = alerts.raise(tx, alert, Cls.POOL, pool.uuid(), body);
        });
  }

  private static Map<UUID, Ref<Host>> hosts(Snapshot state) {
    Map<UUID, Ref<Host>> hosts = new HashMap<>();
    for (Row<Host> row : state.rows(ApiModel.HOST).toList()) {
      hosts.put(UUID.fromString(row.record().uuid()), row.ref());
    }
    return hosts;
  }

  private static List<Ref<Vdi>> statefiles(Snapshot state, Pool pool) {
    return pool.haStatefiles().stream()
        .map(Ref::<Vdi>of)
        .filter(vdi -> state.find(ApiModel.VDI, vdi).isPresent())
        .toList();
  }

  private void letGo(Ref<Vdi> statefile) {
    LeaseDisks.Open disk = open.remove(statefile);
    if (disk != null) {
      try {
        disk.close();
      } catch (DriverException e) {
        LOG.debug("statefile {} was not closed", statefile, e);
      }
    }
  }

  /** Gives the leases back, for whoever comes next not to wait, and forgets all. */
  void end() {
    if (taken) {
      sequence++;
      List<Lease> given =
          hosts(resources.store().snapshot()).keySet().stream()
              .map(host -> new Lease(host, Lease.NOBODY, sequence))
              .toList();
      open.forEach((statefile, disk) -> {
        try {
          disk.write(given);
        } catch (DriverException | UncheckedIOException e) {
          LOG.debug("leases on {} are not given back", statefile, e);
        }
      });
    }
    List.copyOf(open.keySet()).forEach(this::letGo);
    taken = false;
    armed = false;
    seen.clear();
    failed.clear();
    lastGood = System.nanoTime();
    lost = false;
  }
}
