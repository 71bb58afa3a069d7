package io.keelson.control.vm.power;

import io.keelson.api.BoundMessage;
import io.keelson.api.messages.VmLifecycle;
import io.keelson.control.Resources;
import io.keelson.control.vm.domain.DomainEvents;
import java.security.SecureRandom;
import java.util.List;

/**
 * The power of VMs: its messages, and what hears of the domains' own doings. One for a server.
 * Until {@link #recover} nothing is reacted to.
 */
public final class VmPower {
  private final Resources resources;
  private final PowerParts parts;
  private final DomainReaction reaction;

  public VmPower(Resources resources, LifecycleSettings settings) {
    this.resources = resources;
    this.parts =
        new PowerParts(
            resources.store(),
            new Runs(resources.drivers(), settings),
            new PowerStates(resources.clock()),
            new SuspendImages(resources.drivers()),
            new DomainEvents(),
            new SecureRandom());
    this.reaction =
        new DomainReaction(parts, resources.operations(), new RestartBudget(), resources.clock());
  }

  /** The messages of the VmLifecycle family. */
  public List<BoundMessage> messages() {
    return VmLifecycle.bind(new VmLifecycleHandler(parts, resources.operations()));
  }

  /**
   * Listens to the compute driver, takes over the domains that run, settles what was under way when
   * the server last ended, and reacts from then on to what domains do.
   */
  public void recover() {
    new PowerRecovery(resources, parts, reaction).recover();
  }
}
