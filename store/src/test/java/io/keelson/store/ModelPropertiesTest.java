package io.keelson.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.ErrorCode;
import io.keelson.api.Ref;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;

/** Random transactions against plain maps: tables, indexes, computed sides and a watcher agree. */
class ModelPropertiesTest {
  private static final int STEPS = 60;
  private static final int NAMES = 4;
  private static final Path FOLDER = temporary();

  private static Path temporary() {
    try {
      return Files.createTempDirectory("store-model");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterContainer
  static void tidy() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** What should be there. */
  private static final class Plain {
    final Map<Ref<Vm>, String> names = new HashMap<>();
    final Map<Ref<Vm>, Ref<Vm>> parents = new HashMap<>();
    final Map<Ref<Vbd>, Ref<Vm>> vms = new HashMap<>();
    final Map<Ref<Vbd>, Ref<Vdi>> vdis = new HashMap<>();
    final Set<Ref<Vdi>> disks = new HashSet<>();

    Plain() {}

    Plain(Plain other) {
      names.putAll(other.names);
      parents.putAll(other.parents);
      vms.putAll(other.vms);
      vdis.putAll(other.vdis);
      disks.addAll(other.disks);
    }

    boolean isWhole() {
      return refer(parents.values(), names.keySet())
          && refer(vms.values(), names.keySet())
          && refer(vdis.values(), disks)
          && parents.entrySet().stream().noneMatch(e -> e.getKey().equals(e.getValue()));
    }

    private static <T> boolean refer(java.util.Collection<? extends Ref<?>> refs, Set<T> targets) {
      return refs.stream().allMatch(r -> r.isNull() || targets.contains(r));
    }
  }

  private static <T> T pick(Random random, java.util.Collection<T> from) {
    return new ArrayList<>(from).get(random.nextInt(from.size()));
  }

  /** One change, made in the store's transaction and in the plain maps. */
  private static void change(Random random, Transaction tx, Plain plain) {
    switch (random.nextInt(9)) {
      case 0, 1 -> {
        String name = "n" + random.nextInt(NAMES);
        Ref<Vm> vm = tx.create(ApiModel.VM, Vm.builder().nameLabel(name).build());
        plain.names.put(vm, name);
        plain.parents.put(vm, Ref.none());
      }
      case 2 -> {
        Ref<Vdi> vdi = tx.create(ApiModel.VDI, Vdi.builder().build());
        plain.disks.add(vdi);
      }
      case 3, 4 -> {
        Ref<Vm> vm = anyVm(random, plain);
        Ref<Vdi> vdi =
            plain.disks.isEmpty() || random.nextBoolean() ? Ref.none() : pick(random, plain.disks);
        Ref<Vbd> vbd = tx.create(ApiModel.VBD, Vbd.builder().vm(vm).vdi(vdi).build());
        plain.vms.put(vbd, vm);
        plain.vdis.put(vbd, vdi);
      }
      case 5 -> {
        if (!plain.names.isEmpty()) {
          Ref<Vm> vm = pick(random, plain.names.keySet());
          String name = "n" + random.nextInt(NAMES);
          Ref<Vm> parent = anyVm(random, plain);
          plain.names.put(vm, name);
          plain.parents.put(vm, parent);
          tx.update(ApiModel.VM, vm, r -> r.with(b -> b.nameLabel(name).parent(parent)));
        }
      }
      case 6 -> {
        if (!plain.vms.isEmpty()) {
          Ref<Vbd> vbd = pick(random, plain.vms.keySet());
          Ref<Vm> vm = anyVm(random, plain);
          plain.vms.put(vbd, vm);
          tx.update(ApiModel.VBD, vbd, r -> r.with(b -> b.vm(vm)));
        }
      }
      case 7 -> {
        if (!plain.names.isEmpty()) {
          Ref<Vm> vm = pick(random, plain.names.keySet());
          plain.names.remove(vm);
          plain.parents.remove(vm);
          tx.delete(ApiModel.VM, vm);
        }
      }
      default -> {
        if (!plain.vms.isEmpty()) {
          Ref<Vbd> vbd = pick(random, plain.vms.keySet());
          plain.vms.remove(vbd);
          plain.vdis.remove(vbd);
          tx.delete(ApiModel.VBD, vbd);
        }
      }
    }
  }

  private static Ref<Vm> anyVm(Random random, Plain plain) {
    return switch (plain.names.isEmpty() ? 0 : random.nextInt(8)) {
      case 0 -> Ref.none();
      case 1 -> Ref.fresh();
      default -> pick(random, plain.names.keySet());
    };
  }

  @Property(tries = 12)
  void behavesAsPlainMapsDo(@ForAll long seed) {
    Random random = new Random(seed);
    Path folder = FOLDER.resolve("s" + Long.toHexString(seed) + System.nanoTime());
    Plain plain = new Plain();
    Replica replica = new Replica();
    for (int run = 0; run < 2; run++) {
      try (Store store = JournaledStore.open(new StoreConfig(folder, Derivation.NONE))) {
        compare(store.snapshot(), plain);
        replica.follow(store);
        replica.compare(store.snapshot());
        for (int i = 0; i < STEPS; i++) {
          plain = step(random, store, plain);
          if (random.nextInt(5) == 0) {
            replica.follow(store);
            replica.compare(store.snapshot());
          }
        }
        compare(store.snapshot(), plain);
      }
    }
  }

  /** One transaction; what is there afterwards. */
  private static Plain step(Random random, Store store, Plain before) {
    Plain after = new Plain(before);
    try {
      store.change(tx -> {
        for (int i = random.nextInt(4); i >= 0; i--) {
          change(random, tx, after);
        }
      });
    } catch (ApiError e) {
      assertThat(e.code()).isEqualTo(ErrorCode.HANDLE_INVALID);
      return before;
    }
    assertThat(after.isWhole()).as("was accepted").isTrue();
    return after;
  }

  private static void compare(Snapshot state, Plain plain) {
    Map<Ref<Vm>, String> names =
        state.rows(ApiModel.VM).collect(Collectors.toMap(Row::ref, r -> r.record().nameLabel()));
    assertThat(names).isEqualTo(plain.names);
    assertThat(refs(state.rows(ApiModel.VDI))).isEqualTo(plain.disks);
    assertThat(refs(state.rows(ApiModel.VBD))).isEqualTo(plain.vms.keySet());
    for (Ref<Vm> ref : plain.names.keySet()) {
      Vm vm = state.get(ApiModel.VM, ref);
      assertThat(vm.parent()).isEqualTo(plain.parents.get(ref));
      assertThat(vm.vbds()).isEqualTo(keys(plain.vms, ref));
      assertThat(vm.children()).isEqualTo(keys(plain.parents, ref));
    }
    for (Ref<Vdi> ref : plain.disks) {
      assertThat(state.get(ApiModel.VDI, ref).vbds()).isEqualTo(keys(plain.vdis, ref));
    }
    for (int i = 0; i < NAMES; i++) {
      assertThat(state.table(ApiModel.VM).byNameLabel("n" + i))
          .isEqualTo(keys(plain.names, "n" + i));
    }
  }

  private static <K, V> Set<K> keys(Map<K, V> map, V value) {
    return map.entrySet().stream()
        .filter(e -> e.getValue().equals(value))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private static <R extends io.keelson.api.ApiRecord> Set<Ref<R>> refs(Stream<Row<R>> rows) {
    return rows.map(Row::ref).collect(Collectors.toSet());
  }

  /** A watcher's own copy of all VMs and drives. */
  private static final class Replica {
    private final Map<String, String> objects = new HashMap<>();
    private EventToken token = EventToken.START;

    void follow(Store store) {
      EventFeed.Batch batch = store.events().await(_ -> true, token, Duration.ZERO, () -> false);
      assertThat(batch.token().generation()).isGreaterThanOrEqualTo(token.generation());
      for (EventFeed.Change<?> change : batch.changes()) {
        String key = change.apiClass() + " " + change.ref();
        switch (change.kind()) {
          case ADDED -> assertThat(objects.put(key, text(change))).as(key).isNull();
          case MODIFIED -> assertThat(objects.put(key, text(change))).as(key).isNotNull();
          case REMOVED -> assertThat(objects.remove(key)).as(key).isNotNull();
        }
      }
      token = batch.token();
    }

    private static String text(EventFeed.Change<?> change) {
      return change.row().orElseThrow().record().toString();
    }

    void compare(Snapshot state) {
      List<String> keys = new ArrayList<>();
      state.rows(ApiModel.VM).forEach(r -> check(keys, "VM " + r.ref(), r.record().toString()));
      state.rows(ApiModel.VBD).forEach(r -> check(keys, "VBD " + r.ref(), r.record().toString()));
      state.rows(ApiModel.VDI).forEach(r -> check(keys, "VDI " + r.ref(), r.record().toString()));
      assertThat(objects.keySet()).containsExactlyInAnyOrderElementsOf(keys);
    }

    private void check(List<String> keys, String key, String record) {
      keys.add(key);
      assertThat(sorted(objects.get(key))).isEqualTo(sorted(record));
    }

    /** Sets have no order. */
    private static String sorted(@org.jspecify.annotations.Nullable String record) {
      return record == null
          ? ""
          : record.chars().sorted().mapToObj(c -> "" + (char) c).collect(Collectors.joining());
    }
  }
}
