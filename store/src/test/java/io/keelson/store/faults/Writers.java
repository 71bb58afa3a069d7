package io.keelson.store.faults;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.Vm;
import io.keelson.store.Derivation;
import io.keelson.store.JournaledStore;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.StoreConfig;
import io.keelson.store.Transaction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Writes to stores from several threads and says on standard output what was acknowledged: {@code
 * ack STORE WRITER NUMBER}. Step N of a writer names its two VMs N, takes the drive of step N-1
 * away and makes one with device N, all in one transaction.
 */
public final class Writers {
  static final int COUNT = 4;

  private Writers() {}

  /** Steps a writer, and the folders of the stores. */
  public static void main(String[] args) throws Exception {
    List<Store> stores = new ArrayList<>();
    for (int i = 1; i < args.length; i++) {
      stores.add(
          JournaledStore.open(new StoreConfig(Path.of(args[i]), Derivation.NONE, 200, 1000)));
    }
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < stores.size(); i++) {
      for (int writer = 0; writer < COUNT; writer++) {
        int number = i;
        int which = writer;
        threads.add(
            Thread.ofPlatform()
                .start(() -> write(stores.get(number), number, which, Long.parseLong(args[0]))));
      }
    }
    for (Thread thread : threads) {
      thread.join();
    }
    stores.forEach(Store::close);
  }

  private static void write(Store store, int number, int writer, long steps) {
    long first = position(store.snapshot(), writer);
    for (long n = first + 1; n <= first + steps; n++) {
      long step = n;
      store.change(tx -> step(tx, writer, step));
      say("ack " + number + " " + writer + " " + n);
    }
  }

  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private static Ref<Vm> vm(int writer, String which) {
    return new Ref<>(
        "OpaqueRef:" + UUID.nameUUIDFromBytes((writer + which).getBytes(StandardCharsets.UTF_8)));
  }

  static void step(Transaction tx, int writer, long number) {
    for (String which : new String[] {"a", "b"}) {
      Ref<Vm> ref = vm(writer, which);
      if (tx.find(ApiModel.VM, ref).isEmpty()) {
        tx.create(ApiModel.VM, ref, Vm.builder().build());
      }
      Set<Ref<Vbd>> old = tx.get(ApiModel.VM, ref).vbds();
      tx.update(ApiModel.VM, ref, r -> r.with(b -> b.nameLabel("" + number)));
      tx.create(ApiModel.VBD, Vbd.builder().vm(ref).device("" + number).build());
      old.forEach(vbd -> tx.delete(ApiModel.VBD, vbd));
    }
  }

  /**
   * How far a writer came.
   *
   * @throws IllegalStateException when its last step is there in part only
   */
  static long position(Snapshot state, int writer) {
    long a = position(state, vm(writer, "a"));
    long b = position(state, vm(writer, "b"));
    if (a != b) {
      throw new IllegalStateException("half a step: " + a + " and " + b);
    }
    return a;
  }

  private static long position(Snapshot state, Ref<Vm> ref) {
    if (state.find(ApiModel.VM, ref).isEmpty()) {
      return 0;
    }
    Vm vm = state.get(ApiModel.VM, ref);
    if (vm.vbds().size() != 1) {
      throw new IllegalStateException("half a step: drives " + vm.vbds());
    }
    Vbd vbd = state.get(ApiModel.VBD, vm.vbds().iterator().next());
    if (!vbd.device().equals(vm.nameLabel()) || !vbd.vm().equals(ref)) {
      throw new IllegalStateException("half a step: " + vbd.device() + " " + vm.nameLabel());
    }
    return Long.parseLong(vm.nameLabel());
  }
}
