package io.keelson.host.network;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The taps of a machine's card: one, and another beside it while the machine moves from one process
 * of this host to another. Which is which the devices themselves say, so that it is known after a
 * restart.
 */
record GuestTaps(UUID vm, int device) {

  /** That of the run that is there, or of the first one. */
  Tap current() {
    return present(Tap.other(vm, device)) ? Tap.other(vm, device) : Tap.of(vm, device);
  }

  /** That of the run to come. */
  Tap next() {
    Tap usual = Tap.of(vm, device);
    return (current().equals(usual) ? Tap.other(vm, device) : usual).next();
  }

  /** All that may be there. */
  List<Tap> all() {
    return Stream.of(Tap.of(vm, device), Tap.other(vm, device))
        .flatMap(tap -> Stream.of(tap, tap.next()))
        .toList();
  }

  /** All but the device that is kept. */
  List<Tap> others(String kept) {
    return all().stream().filter(tap -> !tap.device().equals(kept)).toList();
  }

  /** Makes the device the current one, if it was that of the run to come. */
  void adopt(String kept) {
    Stream.of(Tap.of(vm, device), Tap.other(vm, device))
        .filter(tap -> tap.device().equals(kept) && present(tap.next()))
        .forEach(tap -> Kernel.ip("link", "set", "dev", kept, "alias", tap.owner()));
  }

  private static boolean present(Tap tap) {
    return Kernel.alias(tap.device()).equals(tap.owner());
  }
}
