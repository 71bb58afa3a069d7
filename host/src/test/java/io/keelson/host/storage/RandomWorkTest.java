package io.keelson.host.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.host.DiskSource;
import io.keelson.host.ImageMerge;
import io.keelson.host.Progress;
import io.keelson.host.Volume;
import io.keelson.host.VolumeBytes;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** Any order of changes leaves each volume with what a plain model says it holds. */
final class RandomWorkTest {
  private static final long MIB = 1L << 20;
  private static final UUID HOST = UUID.randomUUID();
  private static final int MOST_MERGES = 100;

  enum Verb {
    CREATE,
    FORK,
    FORK_LIVE,
    UNDO,
    MERGE,
    WRITE,
    ZERO,
    RESIZE,
    DESTROY,
    ATTACH_AGAIN
  }

  /** One change; the numbers choose among what there is at that time. */
  record Step(Verb verb, int which, int value) {}

  @Provide
  Arbitrary<List<Step>> work() {
    return Combinators.combine(
            Arbitraries.of(Verb.class),
            Arbitraries.integers().between(0, 1000),
            Arbitraries.integers().between(1, 255))
        .as(Step::new)
        .list()
        .ofMinSize(12)
        .ofMaxSize(20);
  }

  @Property(tries = 4, shrinking = ShrinkingMode.OFF)
  void volumesHoldWhatTheModelSays(@ForAll("work") List<Step> work) throws IOException {
    Path folder = Files.createTempDirectory("keelson-random");
    try {
      Run run = new Run(new FileStorage(folder));
      work.forEach(run::apply);
      run.verify();
    } finally {
      delete(folder);
    }
  }

  /** The storage and what it should hold: for each volume the byte of each MiB. */
  private static final class Run {
    private final FileStorage storage;
    private final UUID sr = UUID.randomUUID();
    private final Map<UUID, List<Integer>> model = new LinkedHashMap<>();

    Run(FileStorage storage) {
      this.storage = storage;
      storage.create(HOST, sr, Map.of(), 0);
      storage.attach(HOST, sr, Map.of());
      create(3);
    }

    void apply(Step step) {
      if (model.isEmpty()) {
        create(2);
      }
      List<UUID> volumes = List.copyOf(model.keySet());
      UUID vdi = volumes.get(step.which() % volumes.size());
      List<Integer> held = model.getOrDefault(vdi, List.of());
      switch (step.verb()) {
        case CREATE -> create(1 + step.value() % 4);
        case FORK, FORK_LIVE -> {
          UUID copy = UUID.randomUUID();
          storage.fork(HOST, sr, vdi, copy, step.verb() == Verb.FORK_LIVE);
          model.put(copy, new ArrayList<>(held));
        }
        case UNDO -> {
          UUID copy = UUID.randomUUID();
          storage.fork(HOST, sr, vdi, copy, true);
          storage.undoFork(HOST, sr, vdi, copy);
        }
        case MERGE -> merge();
        case WRITE -> {
          int mib = step.value() % held.size();
          Disk.write(open(vdi), mib, step.value());
          held.set(mib, step.value());
        }
        case ZERO -> {
          int mib = step.value() % held.size();
          try (VolumeBytes bytes = storage.bytes(HOST, sr, vdi, false)) {
            bytes.zero(mib * MIB, MIB);
          }
          held.set(mib, 0);
        }
        case RESIZE -> {
          storage.resize(HOST, sr, vdi, (held.size() + 1) * MIB);
          held.add(0);
        }
        case DESTROY -> {
          storage.destroyVolume(HOST, sr, vdi);
          model.remove(vdi);
        }
        case ATTACH_AGAIN -> {
          storage.detach(HOST, sr);
          storage.attach(HOST, sr, Map.of());
        }
      }
    }

    private void create(int mibs) {
      Volume volume = storage.createVolume(HOST, sr, UUID.randomUUID(), mibs * MIB);
      model.put(volume.vdi(), new ArrayList<>(Collections.nCopies(mibs, 0)));
    }

    /** Merges all that can be merged; then each level of a chain is there for two others. */
    private void merge() {
      for (int i = 0; i < MOST_MERGES; i++) {
        List<ImageMerge> merges = storage.survey(HOST, sr).merges();
        if (merges.isEmpty()) {
          int volumes = model.size();
          assertThat(storage.survey(HOST, sr).volumes().keySet())
              .containsExactlyInAnyOrderElementsOf(model.keySet());
          assertThat(storage.survey(HOST, sr).volumes().values())
              .allSatisfy(d -> assertThat(d.images()).isLessThanOrEqualTo(volumes))
              .allSatisfy(d -> assertThat(d.reclaimable()).isZero());
          return;
        }
        assertThat(storage.merge(HOST, sr, merges.getFirst(), Optional.empty(), Progress.NONE))
            .isTrue();
      }
      throw new AssertionError("merging never ends");
    }

    private DiskSource open(UUID vdi) {
      return storage.open(HOST, sr, vdi, false);
    }

    void verify() {
      check();
      merge();
      check();
    }

    private void check() {
      assertThat(storage.scan(HOST, sr))
          .extracting(Volume::vdi)
          .containsExactlyInAnyOrderElementsOf(model.keySet());
      model.forEach((vdi, held) -> {
        assertThat(storage.describe(HOST, sr, vdi).virtualSize()).isEqualTo(held.size() * MIB);
        assertThat(Disk.holds(open(vdi), held)).isTrue();
        Disk.check(open(vdi));
      });
      List<UUID> volumes = List.copyOf(model.keySet());
      for (int i = 1; i < volumes.size(); i++) {
        compare(volumes.get(i - 1), volumes.get(i));
      }
    }

    /** What differs is in a stretch of one of the two, whatever both rest on. */
    private void compare(UUID one, UUID other) {
      BitSet told = Disk.mebibytes(storage.bytesBeside(HOST, sr, one, other));
      told.or(Disk.mebibytes(storage.bytesBeside(HOST, sr, other, one)));
      List<Integer> here = model.getOrDefault(one, List.of());
      List<Integer> there = model.getOrDefault(other, List.of());
      for (int mib = 0; mib < Math.max(here.size(), there.size()); mib++) {
        int byHere = mib < here.size() ? here.get(mib) : 0;
        int byThere = mib < there.size() ? there.get(mib) : 0;
        assertThat(byHere == byThere || told.get(mib)).as("MiB %d", mib).isTrue();
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
