package io.keelson.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.Value;
import io.keelson.api.model.Vm;
import io.keelson.store.codec.Migration;
import io.keelson.store.codec.RawObject;
import io.keelson.store.codec.StoredModel;
import io.keelson.store.table.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores of other versions than the program's. */
class UpgradeTest {
  private static final StoredModel CURRENT = StoredModel.CURRENT;

  /** A made-up next version, in which every name is longer. */
  private record Longer() implements Migration {
    @Override
    public int from() {
      return CURRENT.version();
    }

    @Override
    public String name() {
      return "names get longer";
    }

    @Override
    public Optional<RawObject> upgrade(RawObject object) {
      Map<String, Value> fields = new LinkedHashMap<>(object.fields());
      fields.computeIfPresent(
          "name_label",
          (_, value) -> value instanceof Value.Text(var text) ? new Value.Text(text + "+") : value);
      return Optional.of(new RawObject(object.apiClass(), fields));
    }
  }

  private static final StoredModel NEXT =
      new StoredModel(Schema.CURRENT, CURRENT.version() + 1, List.of(new Longer()));

  @TempDir private Path folder;

  private Store open(StoredModel model) {
    return JournaledStore.open(new StoreConfig(folder, Derivation.NONE), model);
  }

  private Map<Path, Long> files() throws IOException {
    Map<Path, Long> found = new HashMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        found.put(file, Files.getLastModifiedTime(file).toMillis() * 31 + Files.size(file));
      }
    }
    return found;
  }

  @Test
  void anOlderStoreIsCopiedAndUpgradedAndANewerOneRefused() throws IOException {
    Ref<Vm> snapshotted;
    try (Store store = open(CURRENT)) {
      snapshotted =
          store.transact(tx -> tx.create(ApiModel.VM, Vm.builder().nameLabel("a").build()));
    }
    Ref<Vm> journaled;
    try (Store store = open(CURRENT)) {
      journaled = store.transact(tx -> tx.create(ApiModel.VM, Vm.builder().nameLabel("b").build()));
      store.change(tx -> tx.update(ApiModel.VM, journaled, r -> r.with(b -> b.nameLabel("c"))));
      // as after a crash: what is only in the journal has to be upgraded too
      leaveOnlyTheFirstSnapshot(store);
    }
    for (int i = 0; i < 2; i++) {
      try (Store store = open(NEXT)) {
        assertThat(store.snapshot().get(ApiModel.VM, snapshotted).nameLabel()).isEqualTo("a+");
        assertThat(store.snapshot().get(ApiModel.VM, journaled).nameLabel()).isEqualTo("c+");
      }
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.filter(f -> f.getFileName().toString().startsWith("backup-1-")))
          .singleElement()
          .satisfies(copy -> assertThat(copy.resolve("store")).exists());
    }
    Map<Path, Long> before = files();
    assertThatThrownBy(() -> open(CURRENT).close())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("newer");
    assertThat(files()).isEqualTo(before);
  }

  /** Makes the end of a store fail to write its snapshot. */
  private void leaveOnlyTheFirstSnapshot(Store store) throws IOException {
    assertThat(store.snapshot().rows(ApiModel.VM)).hasSize(2);
    Path snapshots = folder.resolve("snapshots");
    List<Path> all;
    try (Stream<Path> files = Files.list(snapshots)) {
      all = files.toList();
    }
    assertThat(all).hasSize(1);
    Path aside = folder.resolve("aside");
    Files.move(snapshots, aside);
    Files.writeString(snapshots, "in the way");
    store.close();
    Files.delete(snapshots);
    Files.move(aside, snapshots);
  }

  @Test
  void theCopyCanBeOpenedByTheOlderProgram() throws IOException {
    Ref<Vm> ref;
    try (Store store = open(CURRENT)) {
      ref = store.transact(tx -> tx.create(ApiModel.VM, Vm.builder().nameLabel("a").build()));
    }
    open(NEXT).close();
    try (Stream<Path> files = Files.list(folder)) {
      Path copy =
          files
              .filter(f -> f.getFileName().toString().startsWith("backup-"))
              .findFirst()
              .orElseThrow(() -> ApiErrors.internalError(List.of("no copy")));
      try (Store store = JournaledStore.open(new StoreConfig(copy, Derivation.NONE), CURRENT)) {
        assertThat(store.snapshot().get(ApiModel.VM, ref).nameLabel()).isEqualTo("a");
      }
    }
  }
}
