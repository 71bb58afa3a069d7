package io.keelson.host.qemu;

import io.keelson.host.Domain;
import io.keelson.host.DomainListener.Change;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.qemu.agent.GuestAgent;
import io.keelson.host.qemu.qmp.Json;
import io.keelson.host.qemu.qmp.Qmp;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a domain: its process, the connection to it, and how it stands.
 *
 * <p>Requests that change it take its lock, one after the other. Its end takes none: whoever comes
 * first ({@link #end}) decides what the end means, and all that is under way fails with the
 * connection.
 */
final class LiveDomain {
  private static final Logger log = LoggerFactory.getLogger(LiveDomain.class);

  /** What happened until now is followed up in a moment, unless something hangs. */
  private static final Duration FOLLOW_UP = Duration.ofSeconds(30);

  /** Between the end of a connection and that of its process. */
  private static final Duration LAST_WORDS = Duration.ofMillis(200);

  private static final long CONNECT_AGAIN_NANOS = 500_000;

  /** How a run stands. */
  enum Run {
    RUNNING,
    PAUSED,
    /** Stopped after the guest rebooted or crashed, until it is reset or destroyed. */
    HELD,
    ENDED
  }

  /** Who hears of what this run does by itself. */
  interface Owner {
    void changed(LiveDomain domain, Change change);

    /** The run is over and its process gone, for whatever reason. */
    void ended(LiveDomain domain);
  }

  private final UUID host;
  private final UUID vm;
  private final QemuProcess process;
  private final Owner owner;
  private final QemuSettings settings;
  private final Qmp qmp;
  private final GuestAgent agent;
  private final ReentrantLock lock = new ReentrantLock();

  /** Held by work on disks, which may take long; taken before {@link #lock}. */
  private final ReentrantLock disks = new ReentrantLock();

  private final AtomicBoolean over = new AtomicBoolean();
  private final Unplugs unplugs = new Unplugs();
  private final FollowUps followUps;
  private volatile RunFolder folder;
  private volatile DomainRecord record;
  private volatile Run run = Run.PAUSED;
  private volatile boolean moves;

  /** Connects to a process, waiting until it offers its socket. */
  LiveDomain(
      UUID host,
      DomainRecord record,
      RunFolder folder,
      QemuProcess process,
      QemuSettings settings,
      Owner owner,
      Duration patience) {
    this.host = host;
    this.vm = record.spec().vm();
    this.record = record;
    this.folder = folder;
    this.process = process;
    this.settings = settings;
    this.owner = owner;
    this.agent =
        new GuestAgent(() -> folder().socket(RunFolder.AGENT, process.pid()), vm.toString());
    this.followUps = new FollowUps(vm);
    try {
      this.qmp = connect(patience);
    } catch (DriverException e) {
      followUps.drop();
      throw e;
    }
  }

  private Qmp connect(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        return Qmp.connect(
            folder.socket(RunFolder.QMP, process.pid()), this::hear, this::lost, patience);
      } catch (DriverException e) {
        boolean died = e.reason() == Reason.FAILED && process.awaitGone(LAST_WORDS);
        throw died ? didNotStart(e) : e;
      } catch (IOException e) {
        if (process.gone()) {
          throw didNotStart(e);
        }
        if (System.nanoTime() > end) {
          throw new DriverException(Reason.FAILED, "QEMU does not answer: " + e, e);
        }
        LockSupport.parkNanos(CONNECT_AGAIN_NANOS);
      }
    }
  }

  private DriverException didNotStart(Exception cause) {
    return new DriverException(Reason.FAILED, "QEMU did not start: " + folder.log(), cause);
  }

  UUID host() {
    return host;
  }

  UUID vm() {
    return vm;
  }

  RunFolder folder() {
    return folder;
  }

  /** Renames the folder; the process goes along. */
  void become(RunFolder other) {
    folder.become(other);
    folder = other;
  }

  QemuProcess process() {
    return process;
  }

  QemuSettings settings() {
    return settings;
  }

  GuestAgent agent() {
    return agent;
  }

  Unplugs unplugs() {
    return unplugs;
  }

  DomainRecord record() {
    return record;
  }

  Run run() {
    return run;
  }

  void run(Run now) {
    if (!over.get()) {
      run = now;
    }
  }

  Domain domain() {
    return new Domain(
        vm,
        record.domid(),
        run == Run.RUNNING ? Domain.State.RUNNING : Domain.State.PAUSED,
        folder.consoles(process.pid()));
  }

  Json execute(String command, Json.Builder arguments) {
    return qmp.execute(command, arguments, settings.command());
  }

  Json execute(String command) {
    return execute(command, Json.object());
  }

  Json.Members query(String command) {
    return execute(command) instanceof Json.Members m ? m : new Json.Members(Map.of());
  }

  /** Changes the record and keeps it. */
  void update(UnaryOperator<DomainRecord> change) {
    DomainRecord changed = change.apply(record);
    folder.save(changed);
    record = changed;
  }

  /** Does something while nothing else changes this domain; raises NOT_FOUND after its end. */
  void exclusively(Runnable work) {
    boolean _ =
        getExclusively(() -> {
          work.run();
          return true;
        });
  }

  /** {@link #exclusively}, for what has a result. */
  <T> T getExclusively(Supplier<T> work) {
    lock.lock();
    try {
      if (over.get()) {
        throw new DriverException(Reason.NOT_FOUND, "the domain has ended");
      }
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** {@link #exclusively}, when no long work on the domain's disks is under way either. */
  void onDisks(Runnable work) {
    longOnDisks(() -> exclusively(work));
  }

  /**
   * Does long work on the domain's disks, beside which other requests go on. It should end early
   * when {@link #disksWanted}.
   */
  void longOnDisks(Runnable work) {
    boolean _ =
        getLongOnDisks(() -> {
          work.run();
          return true;
        });
  }

  /** {@link #longOnDisks}, for what has a result. */
  <T> T getLongOnDisks(Supplier<T> work) {
    disks.lock();
    try {
      return work.get();
    } finally {
      disks.unlock();
    }
  }

  /** Whether somebody waits for the long work on the disks to end. */
  boolean disksWanted() {
    return disks.hasQueuedThreads();
  }

  /** Notes whether the domain is on its way to another process. */
  void moves(boolean now) {
    moves = now;
  }

  /** Raises WRONG_STATE while the domain moves: the other end has been built as it was. */
  void requireStaying() {
    if (moves) {
      throw new DriverException(Reason.WRONG_STATE, "the domain is being moved");
    }
  }

  /** Raises WRONG_STATE unless the run stands as wanted. */
  void require(Run wanted) {
    if (run != wanted) {
      throw new DriverException(Reason.WRONG_STATE, "the domain is " + run + ", not " + wanted);
    }
  }

  /** Raises WRONG_STATE unless the guest runs or is paused, so that devices can change. */
  void requireUsable() {
    if (run == Run.HELD || run == Run.ENDED) {
      throw new DriverException(Reason.WRONG_STATE, "the domain is " + run);
    }
  }

  /**
   * Lets what the run does by itself be followed up: from now on its owner can be told of it. A
   * guest that powers off while its server is still taking it over is then heard, not lost.
   */
  void known() {
    followUps.begin();
  }

  /** Claims the end of this run; false when someone else has. */
  boolean end() {
    boolean first = over.compareAndSet(false, true);
    run = Run.ENDED;
    return first;
  }

  /**
   * Lets go of the process, which runs on, when what it did until now is followed up; what it does
   * from now on is for the next server to find.
   */
  void leave() {
    followUps.finish(FOLLOW_UP);
    close();
  }

  /** Lets go of the process at once. */
  void close() {
    qmp.close();
    followUps.end();
  }

  /** On the connection's thread, which must not wait for a reply. */
  private void hear(Qmp.Event event) {
    switch (event.name()) {
      case "SHUTDOWN" -> {
        switch (event.data().text("reason").orElse("")) {
          case "guest-reset", "host-qmp-system-reset" -> hold(Change.REBOOTED);
          case "guest-shutdown" -> later(this::guestEnded);
          default -> {} // somebody ends the process: its end tells
        }
      }
      case "GUEST_PANICKED" -> hold(Change.CRASHED);
      case "VSERPORT_CHANGE" -> {
        if (event.data().text("id").orElse("").equals(GuestAgent.PORT)) {
          agent.listens(event.data().isTrue("open"));
        }
      }
      case "DEVICE_DELETED" -> letGo(event, true);
      case "DEVICE_UNPLUG_GUEST_ERROR" -> letGo(event, false);
      default -> {} // of no meaning to anyone
    }
  }

  private void letGo(Qmp.Event event, boolean gone) {
    event.data().text("device").ifPresent(device -> unplugs.answer(device, gone));
  }

  void hold(Change change) {
    run(Run.HELD);
    later(() -> owner.changed(this, change));
  }

  /** The guest powered off: the process still holds the stopped machine. */
  void guestEnded() {
    if (GuestPower.meantReboot(record)) {
      run(Run.HELD);
      owner.changed(this, Change.REBOOTED);
      return;
    }
    if (!end()) {
      return;
    }
    ProcessEnd.quit(this);
    finish();
    owner.changed(this, Change.POWERED_OFF);
  }

  /** The connection broke: the process is dead, or damaged beyond use. */
  private void lost() {
    later(() -> {
      if (!end()) {
        return;
      }
      ProcessEnd.kill(this);
      String words = folder.log();
      log.warn("The process of domain {} died{}", vm, words.isEmpty() ? "" : ": " + words);
      finish();
      owner.changed(this, Change.DIED);
    });
  }

  /** Forgets a run that is over. */
  void finish() {
    close();
    try {
      ProcessEnd.awaitTpm(this);
    } catch (DriverException e) {
      log.error("The TPM of {} stays", vm, e);
    }
    owner.ended(this);
  }

  /** Does something on this domain's own thread, after what it was told before. */
  void later(Runnable work) {
    followUps.add(work);
  }
}
