package io.keelson.server;

import io.keelson.control.check.PoolCheck;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.Violation;
import io.keelson.store.journal.StoreInspection;
import io.keelson.store.table.StateCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code fsck --data DIR}, and the same of a server that runs: every broken invariant in a
 * sentence.
 *
 * @param faults what is wrong; nothing in a good store
 * @param summary how much was looked at
 */
record FsckReport(List<String> faults, String summary) {

  /**
   * Looks at the files of a server that does not run.
   *
   * @throws UsageError when the words make no sense
   */
  static FsckReport of(List<String> words) throws IOException {
    boolean disks = words.size() == 3 && words.getLast().equals("--disks");
    if ((words.size() != 2 && !disks) || !words.getFirst().equals("--data")) {
      throw new UsageError("fsck needs --data DIR, and takes --disks behind it");
    }
    Path data = Path.of(words.get(1));
    StoreInspection found = StoreInspection.of(data.resolve("store"));
    return new FsckReport(
        Stream.of(
                found.faults().stream(),
                sentences(StateCheck.stored(found.state()), PoolCheck.of(found.state())),
                disks ? DiskFiles.faults(found.state(), data).stream() : Stream.<String>of())
            .flatMap(faults -> faults)
            .toList(),
        "%d journal entries and %d objects"
            .formatted(found.entries(), found.state().objects().count()));
  }

  /**
   * Looks at the objects of a store that is open.
   *
   * @param disks what is wrong with disks, if they were looked at
   */
  static FsckReport of(Store store, List<String> disks) {
    Snapshot state = store.snapshot();
    return new FsckReport(
        Stream.concat(sentences(store.violations(), PoolCheck.of(state)), disks.stream()).toList(),
        "the state of generation " + state.generation());
  }

  private static Stream<String> sentences(List<Violation> some, List<Violation> others) {
    return Stream.concat(some.stream(), others.stream()).map(Violation::sentence);
  }

  boolean whole() {
    return faults.isEmpty();
  }

  String text() {
    StringBuilder text = new StringBuilder();
    faults.forEach(fault -> text.append(fault).append(System.lineSeparator()));
    text.append(
        "looked at %s: %s%n"
            .formatted(
                summary, whole() ? "nothing is wrong" : faults.size() + " things are wrong"));
    return text.toString();
  }
}
