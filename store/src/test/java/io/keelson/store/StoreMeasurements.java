package io.keelson.store;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.Vm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/** Measures the store: writes a second by threads, creates, and the time to open it again. */
public final class StoreMeasurements {
  private StoreMeasurements() {}

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory(Path.of(args.length > 0 ? args[0] : "."), "store");
    List<Ref<Vm>> vms = new ArrayList<>();
    long t0 = System.nanoTime();
    try (Store store = JournaledStore.open(new StoreConfig(folder, Derivation.NONE))) {
      say("first open", t0);
      long t1 = System.nanoTime();
      store.change(tx -> {
        for (int i = 0; i < 1000; i++) {
          vms.add(createVm(tx, "vm" + i));
        }
      });
      say("1,000 VMs with a VBD each in one transaction", t1);
      long t2 = System.nanoTime();
      for (int i = 0; i < 1000; i++) {
        String name = "one" + i;
        store.change(tx -> createVm(tx, name));
      }
      say("1,000 transactions of a VM with a VBD, one thread", t2);
      for (int threads : new int[] {1, 1, 8, 8, 64, 64}) {
        writes(store, vms, threads);
      }
      long t3 = System.nanoTime();
      long seen = store.snapshot().rows(ApiModel.VM).count();
      say("iterate " + seen + " rows", t3);
    }
    for (int i = 0; i < 5; i++) {
      long t = System.nanoTime();
      Store store = JournaledStore.open(new StoreConfig(folder, Derivation.NONE));
      say("open again", t);
      long c = System.nanoTime();
      store.close();
      say("close", c);
    }
  }

  private static Ref<Vm> createVm(Transaction tx, String name) {
    Ref<Vm> vm =
        tx.create(
            ApiModel.VM, Vm.builder().uuid(UUID.randomUUID().toString()).nameLabel(name).build());
    tx.create(ApiModel.VBD, Vbd.builder().uuid(UUID.randomUUID().toString()).vm(vm).build());
    return vm;
  }

  private static void writes(Store store, List<Ref<Vm>> vms, int threads) throws Exception {
    int each = (threads == 1 ? 4000 : 40_000) / threads;
    CountDownLatch done = new CountDownLatch(threads);
    long t = System.nanoTime();
    for (int n = 0; n < threads; n++) {
      Ref<Vm> vm = vms.get(n);
      Thread.ofVirtual()
          .start(() -> {
            for (int i = 0; i < each; i++) {
              String name = "name " + i;
              store.change(tx -> tx.update(ApiModel.VM, vm, r -> r.with(b -> b.nameLabel(name))));
            }
            done.countDown();
          });
    }
    done.await();
    double seconds = (System.nanoTime() - t) / 1e9;
    System.out.printf("%d threads: %,.0f durable writes/s%n", threads, each * threads / seconds);
  }

  private static void say(String what, long since) {
    System.out.printf("%s: %.1f ms%n", what, (System.nanoTime() - since) / 1e6);
  }
}
