package io.keelson.control.vm.domain;

import io.keelson.host.DriverException;
import io.keelson.host.Progress;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * One operation's hold on what its VM's domain does: while it is open, nobody else reacts. What it
 * has not taken when it closes is reacted to then.
 */
public final class Watch implements AutoCloseable {
  private final DomainEvents events;
  private final Mailbox mailbox;
  private final UUID vm;
  private volatile boolean interrupted;

  Watch(DomainEvents events, Mailbox mailbox, UUID vm) {
    this.events = events;
    this.mailbox = mailbox;
    this.vm = vm;
  }

  /**
   * The next thing that the domain does.
   *
   * @return empty when time was up
   * @throws DriverException CANCELLED when the task was, or a stronger operation took over
   */
  public Optional<DomainEvent> next(Duration patience, Progress progress) {
    Progress either = progress(progress);
    Optional<DomainEvent> event = mailbox.take(patience, either::cancelled);
    if (event.isEmpty() && either.cancelled()) {
      throw new DriverException(DriverException.Reason.CANCELLED, "given up");
    }
    return event;
  }

  /** Leaves an event for whoever reacts once nobody watches any more. */
  public void giveBack(DomainEvent event) {
    mailbox.offer(event);
  }

  /** Forgets what has happened so far: it was of a run that is over. */
  public void discard() {
    mailbox.clear();
  }

  /** The caller's progress, which is cancelled also when a stronger operation takes over. */
  public Progress progress(Progress progress) {
    return progress.endingWhen(() -> interrupted);
  }

  /**
   * Tells every other operation on the VM to give up and waits until it has.
   *
   * @return whether they all did in time
   */
  public boolean takeOver(Duration patience) {
    return mailbox.outlast(this, patience);
  }

  void interrupt() {
    interrupted = true;
  }

  @Override
  public void close() {
    events.closed(this, mailbox, vm);
  }
}
