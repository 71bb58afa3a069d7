package io.keelson.testkit.durability;

import io.keelson.testkit.wire.Api;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import tools.jackson.databind.JsonNode;

/**
 * Changes VMs of its own until the server is gone, and knows then which changes were acknowledged
 * and which one, at most, was under way.
 */
final class Writer {
  private static final int MOST_VMS = 12;

  private final String prefix;
  private final Random random;
  private Map<String, State> acknowledged = new TreeMap<>();
  private Optional<Change> underWay = Optional.empty();
  private int changes;

  Writer(int number, long seed) {
    this.prefix = "writer " + number + " ";
    this.random = new Random(seed + number);
  }

  /** Writes until a call gets no answer. */
  void run(Api api, CountDownLatch acknowledgements) {
    try {
      while (true) {
        Change change = next();
        underWay = Optional.of(change);
        acknowledged = change.after(acknowledged, change.make(api));
        underWay = Optional.empty();
        acknowledgements.countDown();
      }
    } catch (UncheckedIOException _) {
      // The server is gone.
    }
  }

  /** Holds what the server has against what it acknowledged, and goes on from there. */
  Optional<String> compare(JsonNode allVms) {
    Map<String, State> found = new TreeMap<>();
    for (Map.Entry<String, JsonNode> vm : allVms.properties()) {
      State state = State.of(vm.getValue());
      if (state.name().startsWith(prefix)) {
        found.put(vm.getKey(), state);
      }
    }
    boolean kept = found.equals(acknowledged) || underWay.filter(c -> done(c, found)).isPresent();
    String expected = acknowledged + ", perhaps " + underWay;
    acknowledged = found;
    underWay = Optional.empty();
    return kept ? Optional.empty() : Optional.of("acknowledged " + expected + ", found " + found);
  }

  /** How many changes it has made or tried to make. */
  int changes() {
    return changes;
  }

  private boolean done(Change change, Map<String, State> found) {
    Set<String> candidates = new HashSet<>(found.keySet());
    candidates.removeAll(acknowledged.keySet());
    candidates.add("");
    return candidates.stream().anyMatch(vm -> change.after(acknowledged, vm).equals(found));
  }

  private Change next() {
    changes++;
    List<String> mine = new ArrayList<>(acknowledged.keySet());
    if (mine.size() < 2) {
      return new Change.Create(prefix + changes);
    }
    String vm = mine.get(random.nextInt(mine.size()));
    return switch (random.nextInt(6)) {
      case 0 ->
          mine.size() < MOST_VMS ? new Change.Create(prefix + changes) : new Change.Destroy(vm);
      case 1 -> new Change.Destroy(vm);
      case 2, 3 -> new Change.Tag(vm, "tag " + random.nextInt(30));
      default -> new Change.Describe(vm, "change " + changes);
    };
  }
}
