package io.keelson.control.vm.provision;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.ErrorCode;
import io.keelson.api.Ref;
import io.keelson.api.model.Vdi;
import io.keelson.control.operation.Claims;
import io.keelson.control.storage.CopyVdi;
import io.keelson.control.storage.ForkVdi;
import io.keelson.control.storage.MadeVdi;
import io.keelson.control.storage.StorageDrivers;
import io.keelson.control.storage.VdiWork;
import io.keelson.host.Compute;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The making of several disks as one piece of work: all of them are made, or none. */
public final class DiskWork {
  private static final Logger LOG = LoggerFactory.getLogger(DiskWork.class);

  /** What all copies need. */
  public record Parts(StorageDrivers drivers, Compute compute, Clock clock) {}

  private final List<Claimed<?>> claimed = new ArrayList<>();

  /** Claims the making of one more disk. */
  <P> void add(Transaction tx, Claims claims, VdiWork<P> work) {
    claimed.add(new Claimed<>(work, work.claim(tx, claims)));
  }

  /**
   * Claims the making of a disk that holds what another does, sharing unchanged blocks with it
   * where storage can.
   */
  public void addClone(Transaction tx, Claims claims, Parts parts, Ref<Vdi> vdi) {
    try {
      add(
          tx,
          claims,
          new ForkVdi(parts.drivers, parts.compute, parts.clock, vdi, ForkVdi.Kind.CLONE));
    } catch (ApiError unable) {
      if (unable.code() != ErrorCode.SR_OPERATION_NOT_SUPPORTED) {
        throw unable;
      }
      add(tx, claims, new CopyVdi(parts.drivers, vdi, tx.get(ApiModel.VDI, vdi).sr()));
    }
  }

  /** Makes the disks, in the order they were added. */
  public Made make(Progress progress) {
    List<Done<?>> done = new ArrayList<>();
    try {
      for (int i = 0; i < claimed.size(); i++) {
        done.add(claimed.get(i).act(progress.part(i, claimed.size())));
      }
      return new Made(done);
    } catch (RuntimeException failure) {
      done.reversed().forEach(DiskWork::revert);
      throw failure;
    }
  }

  /** Disks that were made and are not written down yet. */
  public static final class Made {
    private final List<Done<?>> disks;

    private Made(List<Done<?>> disks) {
      this.disks = List.copyOf(disks);
    }

    /**
     * Writes the disks down.
     *
     * @return them in the order they were added
     */
    public List<Ref<Vdi>> settle(Transaction tx) {
      disks.forEach(d -> d.settle(tx));
      return disks.stream().<Ref<Vdi>>map(d -> d.made().vdi()).toList();
    }

    /** Takes the disks back; before they were settled. */
    public void revert() {
      disks.reversed().forEach(DiskWork::revert);
    }
  }

  private record Claimed<P>(VdiWork<P> work, P plan) {
    Done<P> act(Progress progress) {
      return new Done<>(work, plan, work.act(plan, progress));
    }
  }

  private record Done<P>(VdiWork<P> work, P plan, MadeVdi made) {
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
}
