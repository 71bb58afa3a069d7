package io.keelson.store.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.store.Derivation;
import io.keelson.store.JournaledStore;
import io.keelson.store.Store;
import io.keelson.store.StoreConfig;
import io.keelson.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store made of another's objects. */
class StoreSeedTest {
  private static final long LATER = 1L << 40;

  @TempDir private Path folder;

  private Store open(String name) {
    return JournaledStore.open(new StoreConfig(folder.resolve(name), Derivation.NONE));
  }

  private static Ref<Vm> create(Store store, String name) {
    return store.transact(tx -> tx.create(ApiModel.VM, Vm.builder().nameLabel(name).build()));
  }

  @Test
  void aSeedIsAStoreThatGoesOnWhereItWasTold() throws IOException {
    Ref<Vm> first;
    try (Store store = open("old")) {
      first = create(store, "first");
      StoreSeed.write(store.snapshot(), LATER, folder.resolve("new"));
      assertThatThrownBy(() -> StoreSeed.alone(folder.resolve("old"), () -> {}))
          .isInstanceOf(StoreException.class);
    }
    Ref<Vm> second;
    try (Store store = open("new")) {
      assertThat(store.snapshot().get(ApiModel.VM, first).nameLabel()).isEqualTo("first");
      assertThat(store.snapshot().generation()).isGreaterThanOrEqualTo(LATER);
      second = create(store, "second");
    }
    for (int start = 0; start < 2; start++) {
      try (Store store = open("new")) {
        assertThat(store.snapshot().rows(ApiModel.VM)).hasSize(2);
        assertThat(store.snapshot().get(ApiModel.VM, second).nameLabel()).isEqualTo("second");
        assertThat(store.violations()).isEmpty();
      }
    }
    assertThat(StoreInspection.of(folder.resolve("new")).faults()).isEmpty();
  }
}
