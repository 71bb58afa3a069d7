package io.keelson.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.ErrorCode;
import io.keelson.api.Ref;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmMetrics;
import io.keelson.api.model.VmOperations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournaledStoreTest {
  private final Path folder;
  private Store store;

  JournaledStoreTest(@TempDir Path folder) {
    this.folder = folder;
    this.store = open(folder);
  }

  private static Store open(Path folder) {
    return JournaledStore.open(new StoreConfig(folder, JournaledStoreTest::allowStart));
  }

  /** A machine may be started unless something is being done to it. */
  private static void allowStart(List<ObjectId<?>> changed, Overlay state) {
    for (ObjectId<?> id : changed) {
      if (id.apiClass().equals(ApiModel.VM)) {
        state.set(
            ApiModel.VM,
            Ref.of(id.ref().text()),
            vm ->
                vm.with(b ->
                    b.allowedOperations(
                        vm.currentOperations().isEmpty() ? Set.of(VmOperations.START) : Set.of())));
      }
    }
  }

  @BeforeEach
  void startEmpty() {
    assertThat(store.snapshot().rows(ApiModel.VM)).isEmpty();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void reopen() {
    store.close();
    store = open(folder);
  }

  private static Vm vm(String name) {
    return Vm.builder().uuid(UUID.randomUUID().toString()).nameLabel(name).build();
  }

  private Vm get(Ref<Vm> ref) {
    return store.snapshot().get(ApiModel.VM, ref);
  }

  private static void assertError(ErrorCode code, List<String> parameters, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.parameters()).isEqualTo(parameters);
            });
  }

  @Test
  void keepsWhatWasAcknowledged() {
    Vm record = vm("a");
    Ref<Vm> ref = store.transact(tx -> tx.create(ApiModel.VM, record));
    store.change(
        tx -> tx.update(ApiModel.VM, ref, r -> r.with(b -> b.otherConfig(Map.of("k", "v")))));
    Vm before = get(ref);
    Row<Vm> row = store.snapshot().table(ApiModel.VM).row(ref).orElseThrow();
    reopen();
    assertThat(get(ref)).isEqualTo(before);
    Row<Vm> again = store.snapshot().table(ApiModel.VM).row(ref).orElseThrow();
    assertThat(again.created()).isEqualTo(row.created());
    assertThat(again.modified()).isEqualTo(row.modified());
    assertThat(store.snapshot().table(ApiModel.VM).byUuid(record.uuid())).contains(ref);
    assertThat(store.snapshot().table(ApiModel.VM).byNameLabel("a")).containsExactly(ref);
  }

  @Test
  void keepsBothSidesOfRelations() {
    Ref<Vm> one = store.transact(tx -> tx.create(ApiModel.VM, vm("one")));
    Ref<Vm> two = store.transact(tx -> tx.create(ApiModel.VM, vm("two")));
    Ref<Vbd> vbd =
        store.transact(tx -> {
          Ref<Vbd> made = tx.create(ApiModel.VBD, Vbd.builder().vm(one).build());
          assertThat(tx.get(ApiModel.VM, one).vbds()).containsExactly(made);
          return made;
        });
    assertThat(get(one).vbds()).containsExactly(vbd);
    store.change(tx -> tx.update(ApiModel.VBD, vbd, r -> r.with(b -> b.vm(two))));
    assertThat(get(one).vbds()).isEmpty();
    assertThat(get(two).vbds()).containsExactly(vbd);
    reopen();
    assertThat(get(two).vbds()).containsExactly(vbd);
    store.change(tx -> {
      tx.delete(ApiModel.VM, two);
      tx.delete(ApiModel.VBD, vbd);
    });
    assertThat(store.snapshot().table(ApiModel.VM).size()).isEqualTo(1);
  }

  @Test
  void objectsMayReferToOthersMadeLaterInTheTransaction() {
    Ref<Vm> vm = Ref.fresh();
    Ref<Vbd> vbd =
        store.transact(tx -> {
          Ref<Vbd> made = tx.create(ApiModel.VBD, Vbd.builder().vm(vm).build());
          tx.create(ApiModel.VM, vm, vm("late"));
          return made;
        });
    assertThat(get(vm).vbds()).containsExactly(vbd);
  }

  @Test
  void refusesReferencesToNothing() {
    Ref<Vm> nothing = Ref.fresh();
    assertError(
        ErrorCode.HANDLE_INVALID,
        List.of("VM", nothing.text()),
        () -> store.change(tx -> tx.create(ApiModel.VBD, Vbd.builder().vm(nothing).build())));
    Ref<VmMetrics> metrics =
        store.transact(tx -> tx.create(ApiModel.VM_METRICS, VmMetrics.builder().build()));
    Ref<Vm> vm =
        store.transact(tx -> tx.create(ApiModel.VM, vm("x").with(b -> b.metrics(metrics))));
    assertError(
        ErrorCode.HANDLE_INVALID,
        List.of("VM_metrics", metrics.text()),
        () -> store.change(tx -> tx.delete(ApiModel.VM_METRICS, metrics)));
    store.transact(tx -> tx.create(ApiModel.VBD, Vbd.builder().vm(vm).build()));
    assertError(
        ErrorCode.HANDLE_INVALID,
        List.of("VM", vm.text()),
        () -> store.change(tx -> tx.delete(ApiModel.VM, vm)));
    assertError(
        ErrorCode.HANDLE_INVALID,
        List.of("VM", vm.text()),
        () -> store.change(tx -> tx.update(ApiModel.VM, vm, r -> r.with(b -> b.snapshotOf(vm)))));
    assertThat(get(vm).metrics()).isEqualTo(metrics);
  }

  @Test
  void refusesASecondObjectOfAUuid() {
    Vm record = vm("first");
    store.change(tx -> tx.create(ApiModel.VM, record));
    assertError(
        ErrorCode.DB_UNIQUENESS_CONSTRAINT_VIOLATION,
        List.of("VM", "uuid", record.uuid()),
        () -> store.change(tx -> tx.create(ApiModel.VM, record)));
  }

  @Test
  void changesNothingWhenTheWorkFails() {
    long before = store.snapshot().generation();
    assertThatThrownBy(() ->
            store.change(tx -> {
              tx.create(ApiModel.VM, vm("gone"));
              throw new IllegalStateException("no");
            }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(store.snapshot().generation()).isEqualTo(before);
    assertThat(store.snapshot().rows(ApiModel.VM)).isEmpty();
  }

  @Test
  void writesNothingWhenNothingChanges() {
    Ref<Vm> ref = store.transact(tx -> tx.create(ApiModel.VM, vm("same")));
    long before = store.snapshot().generation();
    store.change(tx -> tx.update(ApiModel.VM, ref, r -> r.with(b -> b.nameLabel("same"))));
    assertThat(store.snapshot().generation()).isEqualTo(before);
    store.change(tx -> tx.touch(ApiModel.VM, ref));
    assertThat(store.snapshot().generation()).isGreaterThan(before);
  }

  @Test
  void derivedFieldsBelongToTheChange() {
    EventToken start = store.events().now();
    Ref<Vm> ref = store.transact(tx -> tx.create(ApiModel.VM, vm("derived")));
    assertThat(get(ref).allowedOperations()).containsExactly(VmOperations.START);
    store.change(tx ->
        tx.update(
            ApiModel.VM,
            ref,
            r -> r.with(b -> b.currentOperations(Map.of("t", VmOperations.START)))));
    assertThat(get(ref).allowedOperations()).isEmpty();
    assertThat(since(start)).hasSize(1);
    reopen();
    assertThat(get(ref).allowedOperations()).isEmpty();
  }

  @Test
  void volatileFieldsAreVisibleAndForgotten() {
    Ref<VmMetrics> ref =
        store.transact(tx -> tx.create(ApiModel.VM_METRICS, VmMetrics.builder().build()));
    EventToken before = store.events().now();
    store.overlay(o -> o.set(ApiModel.VM_METRICS, ref, r -> r.with(b -> b.memoryActual(42))));
    assertThat(store.snapshot().get(ApiModel.VM_METRICS, ref).memoryActual()).isEqualTo(42);
    EventFeed.Batch batch = batch(before);
    assertThat(batch.changes()).singleElement().satisfies(c -> assertThat(c.ref()).isEqualTo(ref));
    assertThat(batch.token().overlay()).isGreaterThan(before.overlay());
    reopen();
    assertThat(store.snapshot().get(ApiModel.VM_METRICS, ref).memoryActual()).isZero();
    assertThat(since(batch.token())).as("a lost volatile value is news").hasSize(1);
    assertThatThrownBy(() ->
            store.overlay(o -> o.set(ApiModel.VM_METRICS, ref, r -> r.with(b -> b.vcpusNumber(2)))))
        .isInstanceOf(IllegalStateException.class);
  }

  private EventFeed.Batch batch(EventToken after) {
    return store.events().await(_ -> true, after, Duration.ZERO, () -> false);
  }

  private List<EventFeed.Change<?>> since(EventToken after) {
    return batch(after).changes();
  }

  @Test
  void tellsWhatChangedAcrossARestart() {
    Ref<Vm> kept = store.transact(tx -> tx.create(ApiModel.VM, vm("kept")));
    Ref<Vm> gone = store.transact(tx -> tx.create(ApiModel.VM, vm("gone")));
    EventToken token = store.events().now();
    store.change(tx -> tx.delete(ApiModel.VM, gone));
    store.change(tx -> tx.update(ApiModel.VM, kept, r -> r.with(b -> b.nameLabel("k2"))));
    Ref<Vm> fresh = store.transact(tx -> tx.create(ApiModel.VM, vm("fresh")));
    Ref<Vm> brief = store.transact(tx -> tx.create(ApiModel.VM, vm("brief")));
    store.change(tx -> tx.delete(ApiModel.VM, brief));
    for (int i = 0; i < 2; i++) {
      assertThat(since(token).stream().map(c -> c.kind() + " " + c.ref()))
          .containsExactly(
              EventFeed.Kind.REMOVED + " " + gone,
              EventFeed.Kind.MODIFIED + " " + kept,
              EventFeed.Kind.ADDED + " " + fresh);
      assertThat(since(EventToken.START)).hasSize(2);
      reopen();
    }
  }

  @Test
  void wakesWhoeverWaits() throws Exception {
    Ref<Vm> ref = store.transact(tx -> tx.create(ApiModel.VM, vm("watched")));
    EventToken token = store.events().now();
    var seen = new java.util.concurrent.CompletableFuture<EventFeed.Batch>();
    Thread watcher =
        Thread.ofVirtual()
            .start(() ->
                seen.complete(
                    store
                        .events()
                        .await(
                            id -> id.ref().equals(ref),
                            token,
                            Duration.ofSeconds(30),
                            () -> false)));
    store.change(tx -> tx.create(ApiModel.VM, vm("other")));
    store.change(tx -> tx.touch(ApiModel.VM, ref));
    watcher.join();
    assertThat(seen.join().changes())
        .singleElement()
        .satisfies(c -> assertThat(c.kind()).isEqualTo(EventFeed.Kind.MODIFIED));
    AtomicBoolean loggedOut = new AtomicBoolean();
    Thread idle =
        Thread.ofVirtual()
            .start(() ->
                seen.complete(
                    store
                        .events()
                        .await(_ -> false, token, Duration.ofSeconds(30), loggedOut::get)));
    loggedOut.set(true);
    store.events().wakeAll();
    assertThat(idle.join(Duration.ofSeconds(20))).isTrue();
  }

  @Test
  void isTakenByOneAtATime() {
    assertThatThrownBy(() -> open(folder))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("in use");
  }
}
