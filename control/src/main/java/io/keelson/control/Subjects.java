package io.keelson.control;

import io.keelson.api.BoundMessage;
import io.keelson.control.network.NetworkAllowedOperations;
import io.keelson.control.network.NetworkMessages;
import io.keelson.control.network.NetworkRecovery;
import io.keelson.control.storage.StorageAllowedOperations;
import io.keelson.control.storage.StorageMessages;
import io.keelson.control.storage.StorageRecovery;
import io.keelson.control.task.TaskDerivation;
import io.keelson.store.Derivation;
import java.util.List;
import java.util.stream.Stream;

/** The subjects there are: what handles their messages, what follows from their fields. */
final class Subjects {
  private Subjects() {}

  /** The messages of the subjects that need nothing but the common resources. */
  static List<BoundMessage> messages(Resources resources) {
    return Stream.of(StorageMessages.all(resources), NetworkMessages.all(resources))
        .flatMap(List::stream)
        .toList();
  }

  /** What each keeps right whenever objects change; in this order. */
  static Derivation derivation() {
    List<Derivation> derivations =
        List.of(
            new TaskDerivation(), new StorageAllowedOperations(), new NetworkAllowedOperations());
    return (changed, state) -> derivations.forEach(d -> d.derive(changed, state));
  }

  /** What each does before the server serves; in this order. */
  static List<Recovery> recoveries(Resources resources) {
    return List.of(new StorageRecovery(resources), new NetworkRecovery(resources.store()));
  }
}
