package io.keelson.control.metrics;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.control.metrics.rrd.Reading;
import io.keelson.control.metrics.rrd.Resolution;
import io.keelson.control.metrics.rrd.Rrd;
import io.keelson.control.metrics.rrd.RrdDump;
import io.keelson.control.metrics.rrd.RrdQuery;
import io.keelson.control.metrics.rrd.Xport;
import io.keelson.control.rules.OnlyPool;
import io.keelson.store.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What was measured: now, and as it is recorded over time. */
public final class Statistics {
  /** Pool.other_config key; new archives of VMs also keep the least and the greatest values. */
  private static final String EXTREMES = "create_min_max_in_new_VM_RRDs";

  private static final double NANOS = 1e9;

  private final Archives archives;
  private final Map<Owner, Live> live = new ConcurrentHashMap<>();
  private final Set<Owner> known = new HashSet<>();
  private boolean swept;
  private volatile double lastTaken;

  /**
   * @param folder that archives are kept in
   */
  public Statistics(Path folder) {
    this.archives = new Archives(folder);
  }

  Optional<Live> live(Owner owner) {
    return Optional.ofNullable(live.get(owner));
  }

  /** Takes all that was measured at one moment; what is not in it is not measured any more. */
  synchronized void take(Snapshot state, Map<Owner, Live> measured, Instant when) {
    double now = when.getEpochSecond() + when.getNano() / NANOS;
    live.keySet().retainAll(measured.keySet());
    live.putAll(measured);
    List<Resolution> forVms = wantsExtremes(state) ? Resolution.WITH_EXTREMES : Resolution.AVERAGES;
    measured.forEach((owner, values) ->
        archives
            .open(owner, owner.kind() == Owner.Kind.VM ? forVms : Resolution.AVERAGES)
            .update(now, values.all()));
    lastTaken = now;
    archives.closeUnless(measured::containsKey);
    sweep(state, measured.keySet());
    archives.saveSome();
  }

  private static boolean wantsExtremes(Snapshot state) {
    return OnlyPool.find(state)
        .map(pool -> pool.otherConfig().get(EXTREMES))
        .filter(Boolean::parseBoolean)
        .isPresent();
  }

  /** Removes the archives of objects that are gone. */
  private void sweep(Snapshot state, Set<Owner> measured) {
    if (!swept) {
      known.addAll(archives.stored());
      swept = true;
    }
    known.addAll(measured);
    for (Owner owner : List.copyOf(known)) {
      if (!exists(owner, state)) {
        archives.remove(owner);
        known.remove(owner);
      }
    }
  }

  private static boolean exists(Owner owner, Snapshot state) {
    ApiClass<? extends ApiRecord> apiClass =
        switch (owner.kind()) {
          case HOST -> ApiModel.HOST;
          case VM -> ApiModel.VM;
          case SR -> ApiModel.SR;
        };
    return state.table(apiClass).byUuid(owner.uuid().toString()).isPresent();
  }

  /** What can be measured of the object now. */
  List<Reading> readings(Owner owner) {
    return live(owner).map(l -> List.copyOf(l.all())).orElse(List.of());
  }

  /** Whether the source's values are recorded. */
  boolean records(Owner owner, Reading reading) {
    return archives.find(owner).map(rrd -> rrd.records(reading.source())).orElse(false);
  }

  /** Begins to record a source; kept when this returns. */
  void record(Owner owner, String name) throws IOException {
    choose(owner, rrd -> rrd.record(name));
  }

  /** Throws away what is recorded of a source, and records it no more; kept when this returns. */
  void forget(Owner owner, String name) throws IOException {
    choose(owner, rrd -> rrd.forget(name));
  }

  private void choose(Owner owner, Consumer<Rrd> choice) throws IOException {
    Optional<Rrd> rrd = archives.find(owner);
    if (rrd.isPresent()) {
      choice.accept(rrd.get());
      archives.save(owner);
    }
  }

  /** All that is recorded of an object; empty when nothing is. */
  public Optional<RrdDump> dump(Owner owner) {
    return archives.find(owner).map(Rrd::dump);
  }

  /**
   * Rows of what is being measured.
   *
   * @param wanted of which objects
   */
  public Xport rows(Predicate<Owner> wanted, RrdQuery query) {
    List<Xport.Part> parts =
        archives.open().entrySet().stream()
            .filter(e -> wanted.test(e.getKey()))
            .sorted(Comparator.comparing(e -> e.getKey().kind() + e.getKey().uuid().toString()))
            .map(e ->
                new Xport.Part(
                    e.getKey().kind().text(), e.getKey().uuid().toString(), e.getValue()))
            .toList();
    return Xport.of(parts, query, lastTaken);
  }

  /** The newest values of all that is being measured. */
  public Map<Owner, Collection<Reading>> newest() {
    Map<Owner, Collection<Reading>> all = new HashMap<>();
    live.forEach((owner, values) -> all.put(owner, values.all()));
    return all;
  }

  /** Writes all that is recorded. */
  void save() {
    archives.saveAll();
  }
}
