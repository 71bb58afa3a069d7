package io.keelson.control.vm.provision;

import io.keelson.api.Ref;
import io.keelson.api.model.Vdi;
import io.keelson.control.operation.Claims;
import io.keelson.control.storage.MadeVdi;
import io.keelson.control.storage.VdiWork;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The making of several disks as one piece of work: all of them are made, or none. */
final class DiskWork {
  private static final Logger LOG = LoggerFactory.getLogger(DiskWork.class);

  private final List<Claimed<?>> claimed = new ArrayList<>();

  /** Claims the making of one more disk. */
  <P> void add(Transaction tx, Claims claims, VdiWork<P> work) {
    claimed.add(new Claimed<>(work, work.claim(tx, claims)));
  }

  /** Makes the disks, in the order they were added. */
  Made make(Progress progress) {
    List<Done<?>> done = new ArrayList<>();
    try {
      for (int i = 0; i < claimed.size(); i++) {
        done.add(claimed.get(i).act(part(progress, i, claimed.size())));
      }
      return new Made(done);
    } catch (RuntimeException failure) {
      done.reversed().forEach(DiskWork::revert);
      throw failure;
    }
  }

  /** Disks that were made and are not written down yet. */
  record Made(List<Done<?>> disks) {
    Made {
      disks = List.copyOf(disks);
    }

    /** Writes the disks down. */
    List<Ref<Vdi>> settle(Transaction tx) {
      disks.forEach(d -> d.settle(tx));
      return disks.stream().<Ref<Vdi>>map(d -> d.made().vdi()).toList();
    }
  }

  private record Claimed<P>(VdiWork<P> work, P plan) {
    Done<P> act(Progress progress) {
      return new Done<>(work, plan, work.act(plan, progress));
    }
  }

  record Done<P>(VdiWork<P> work, P plan, MadeVdi made) {
    void settle(Transaction tx) {
      work.settle(tx, plan, made);
    }

    void revert() {
      work.revert(plan, made);
    }
  }

  private static void revert(Done<?> done) {
    try {
      done.revert();
    } catch (RuntimeException e) {
      LOG.warn("a disk that is not needed any more stays: {}", done.made().vdi(), e);
    }
  }

  private static Progress part(Progress whole, int index, int count) {
    return new Progress() {
      @Override
      public void report(double fraction) {
        whole.report((index + fraction) / count);
      }

      @Override
      public boolean cancelled() {
        return whole.cancelled();
      }
    };
  }
}
