package io.keelson.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.ErrorCode;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Watchers by the thousand, and those who come back late. */
class ManyWatchersTest {
  private static final int WATCHERS = 5000;

  @TempDir private Path folder;

  private Store open(int removalsKept) {
    return JournaledStore.open(new StoreConfig(folder, Derivation.NONE, 1_000_000, removalsKept));
  }

  private static Ref<Vm> create(Store store) {
    return store.transact(tx -> tx.create(ApiModel.VM, Vm.builder().build()));
  }

  @Test
  void waitingCostsNoThreadsAndEachIsWokenForItsOwn() throws InterruptedException {
    try (Store store = open(100)) {
      List<Ref<Vm>> vms = new ArrayList<>();
      store.change(tx -> {
        for (int i = 0; i < WATCHERS; i++) {
          vms.add(tx.create(ApiModel.VM, Vm.builder().build()));
        }
      });
      EventToken token = store.events().now();
      var told = ConcurrentHashMap.<Integer>newKeySet();
      AtomicInteger waiting = new AtomicInteger();
      List<Thread> threads = new ArrayList<>();
      int before = ManagementFactory.getThreadMXBean().getThreadCount();
      for (int i = 0; i < WATCHERS; i++) {
        int mine = i;
        threads.add(
            Thread.ofVirtual()
                .start(() -> {
                  waiting.incrementAndGet();
                  var batch =
                      store
                          .events()
                          .await(
                              id -> id.ref().equals(vms.get(mine)),
                              token,
                              Duration.ofMinutes(1),
                              () -> false);
                  if (batch.changes().size() == 1
                      && batch.changes().getFirst().ref().equals(vms.get(mine))) {
                    told.add(mine);
                  }
                }));
      }
      Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> waiting.get() == WATCHERS);
      assertThat(ManagementFactory.getThreadMXBean().getThreadCount() - before).isLessThan(50);
      for (int i = 0; i < 10; i++) {
        Ref<Vm> vm = vms.get(i);
        store.change(tx -> tx.touch(ApiModel.VM, vm));
        assertThat(threads.get(i).join(Duration.ofSeconds(20))).isTrue();
      }
      assertThat(told).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
      assertThat(threads.subList(10, WATCHERS)).allMatch(Thread::isAlive);
      store.change(tx -> vms.forEach(vm -> tx.touch(ApiModel.VM, vm)));
      for (Thread thread : threads) {
        assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
      }
      assertThat(told).hasSize(WATCHERS);
    }
  }

  @Test
  void removalsForgottenAreSaidToBeLost() {
    EventToken token;
    try (Store store = open(3)) {
      Ref<Vm> first = create(store);
      token = store.events().now();
      store.change(tx -> tx.delete(ApiModel.VM, first));
      for (int i = 0; i < 3; i++) {
        Ref<Vm> vm = create(store);
        store.change(tx -> tx.delete(ApiModel.VM, vm));
      }
    }
    try (Store store = open(3)) {
      assertThatThrownBy(() -> store.events().await(_ -> true, token, Duration.ZERO, () -> false))
          .isInstanceOfSatisfying(
              ApiError.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.EVENTS_LOST));
      assertThat(
              store
                  .events()
                  .await(_ -> true, EventToken.START, Duration.ZERO, () -> false)
                  .changes())
          .isEmpty();
    }
  }

  @Test
  void aRecordIsEncodedOnceForAll() {
    try (Store store = open(100)) {
      Ref<Vm> vm = create(store);
      var batch = store.events().await(_ -> true, EventToken.START, Duration.ZERO, () -> false);
      assertThat(batch.changes().getFirst().row().orElseThrow().encoded())
          .isSameAs(store.snapshot().table(ApiModel.VM).row(vm).orElseThrow().encoded());
      assertThat(store.snapshot().table(ApiModel.VM).allRecords())
          .isSameAs(store.snapshot().table(ApiModel.VM).allRecords());
    }
  }
}
