package io.keelson.control.vm.domain;

import io.keelson.host.DomainListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what domains do by themselves and hands it to the operation that is under way on the VM, or
 * else to the reaction; for one VM, one thing after the other.
 *
 * <p>Until {@link #release} everything is kept, so that what drivers tell while they take over
 * running domains can be weighed together with the records.
 */
public final class DomainEvents implements DomainListener {
  private static final Logger LOG = LoggerFactory.getLogger(DomainEvents.class);

  /** What is done about an event that no operation expected. */
  @FunctionalInterface
  public interface Reaction {
    void react(DomainEvent event, Watch watch);
  }

  private final Map<UUID, Mailbox> mailboxes = new ConcurrentHashMap<>();
  private final Object holding = new Object();
  private final List<DomainEvent> held = new ArrayList<>();
  private Optional<Reaction> reaction = Optional.empty();

  /** Takes the VM's events until the watch is closed. */
  public Watch watch(UUID vm) {
    AtomicReference<Watch> opened = new AtomicReference<>();
    mailboxes.compute(
        vm,
        (_, present) -> {
          Mailbox mailbox = present == null ? new Mailbox() : present;
          Watch watch = new Watch(this, mailbox, vm);
          mailbox.join(watch);
          opened.set(watch);
          return mailbox;
        });
    return Objects.requireNonNull(opened.get());
  }

  @Override
  public void changed(UUID host, UUID vm, Change change) {
    DomainEvent event = new DomainEvent(host, vm, change);
    synchronized (holding) {
      if (reaction.isEmpty()) {
        held.add(event);
        return;
      }
    }
    deliver(event);
  }

  /** What has happened so far, kept because nothing was released yet; it stays kept. */
  public List<DomainEvent> held() {
    synchronized (holding) {
      return List.copyOf(held);
    }
  }

  /**
   * Reacts from now on, to what was kept first.
   *
   * @param how what is done about each event that no operation expects
   * @param resolved what needs no reaction any more
   */
  public void release(Reaction how, List<DomainEvent> resolved) {
    List<DomainEvent> open;
    synchronized (holding) {
      reaction = Optional.of(how);
      open = new ArrayList<>(held);
      held.clear();
    }
    resolved.forEach(open::remove);
    open.forEach(this::deliver);
  }

  void closed(Watch watch, Mailbox mailbox, UUID vm) {
    Optional<DomainEvent> left = mailbox.leave(watch);
    mailboxes.computeIfPresent(vm, (_, m) -> m == mailbox && m.unused() ? null : m);
    left.ifPresent(this::deliver);
  }

  private void deliver(DomainEvent event) {
    Mailbox mailbox = mailboxes.get(event.vm());
    if (mailbox != null && mailbox.offer(event)) {
      return;
    }
    Watch watch = watch(event.vm());
    Thread.ofVirtual().name("domain-" + event.vm()).start(() -> react(event, watch));
  }

  private void react(DomainEvent event, Watch watch) {
    try (watch) {
      reaction().ifPresent(r -> r.react(event, watch));
    } catch (RuntimeException e) {
      LOG.error("no reaction to {}", event, e);
    }
  }

  private Optional<Reaction> reaction() {
    synchronized (holding) {
      return reaction;
    }
  }
}
