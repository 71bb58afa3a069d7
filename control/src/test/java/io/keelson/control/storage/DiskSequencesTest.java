package io.keelson.control.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vdi;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** Any order of operations on disks leaves contents, tree and chains as a plain model says. */
final class DiskSequencesTest {
  private static final long MIB = World.MIB;

  enum Verb {
    WRITE,
    SNAPSHOT,
    CLONE,
    REVERT,
    DESTROY,
    RESIZE,
    MOVE,
    COPY_INTO,
    COALESCE
  }

  /** One operation; the numbers choose among what there is at that time. */
  record Step(Verb verb, int which, int value) {}

  @Provide
  Arbitrary<List<Step>> work() {
    return Combinators.combine(
            Arbitraries.of(Verb.class),
            Arbitraries.integers().between(0, 1000),
            Arbitraries.integers().between(1, 255))
        .as(Step::new)
        .list()
        .ofSize(14);
  }

  @Property(tries = 3, shrinking = ShrinkingMode.OFF)
  void disksAreAsTheModelSays(@ForAll("work") List<Step> work) throws Exception {
    Path folder = Files.createTempDirectory("keelson-disks");
    try (WritingWorld lab = new WritingWorld(folder)) {
      Run run = new Run(lab);
      for (Step step : work) {
        run.apply(step);
        run.checkTree();
      }
      run.checkContents();
      lab.coalesce();
      run.checkContents();
      run.checkChains();
    } finally {
      try (Stream<Path> left = Files.walk(folder)) {
        left.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      }
    }
  }

  /**
   * What a disk should be.
   *
   * @param bytes that each MiB is filled with
   */
  private record Held(List<Integer> bytes, Ref<Vdi> snapshotOf) {}

  private static final class Run {
    private final WritingWorld lab;
    private final World world;
    private final List<Ref<Sr>> repositories;
    private final Map<Ref<Vdi>, Held> model = new LinkedHashMap<>();

    Run(WritingWorld lab) {
      this.lab = lab;
      this.world = lab.world;
      this.repositories =
          List.of(world.repository("file", Map.of()), world.repository("file", Map.of()));
      create();
    }

    private void create() {
      Ref<Vdi> disk = world.disk(repositories.getFirst(), 2 * MIB);
      model.put(disk, new Held(new ArrayList<>(Collections.nCopies(2, 0)), Ref.none()));
    }

    void apply(Step step) throws Exception {
      if (model.isEmpty()) {
        create();
      }
      List<Ref<Vdi>> disks = List.copyOf(model.keySet());
      Ref<Vdi> disk = disks.get(step.which() % disks.size());
      VdiCopiesHandler copies = new VdiCopiesHandler(world.parts);
      List<Integer> bytes = model.getOrDefault(disk, new Held(List.of(), Ref.none())).bytes();
      switch (step.verb()) {
        case WRITE -> {
          int mib = step.value() % bytes.size();
          io(disk, "write -P %d %dM 1M".formatted(step.value(), mib));
          bytes.set(mib, step.value());
        }
        case SNAPSHOT ->
            model.put(
                copies.snapshot(World.call(), disk, Map.of()),
                new Held(new ArrayList<>(bytes), disk));
        case CLONE ->
            model.put(
                copies.clone(World.call(), disk, Map.of()),
                new Held(new ArrayList<>(bytes), Ref.none()));
        case REVERT -> {
          Ref<Vdi> again = copies.clone(World.call(), disk, Map.of());
          destroy(disk);
          model.put(again, new Held(new ArrayList<>(bytes), Ref.none()));
        }
        case DESTROY -> destroy(disk);
        case RESIZE -> {
          long size = (bytes.size() + 1) * MIB;
          new VdiSizeHandler(world.parts).resize(World.call(), disk, size);
          bytes.add(0);
        }
        case MOVE -> move(disk, repositories.get(step.value() % 2));
        case COPY_INTO -> copyInto(disk, disks.get(step.value() % disks.size()));
        case COALESCE -> lab.coalesce();
      }
    }

    private void destroy(Ref<Vdi> disk) {
      new VdiProvisioningHandler(world.parts).destroy(World.call(), disk);
      model.remove(disk);
      model.replaceAll((ref, held) ->
          held.snapshotOf().equals(disk) ? new Held(held.bytes(), Ref.none()) : held);
    }

    private void move(Ref<Vdi> disk, Ref<Sr> sr) {
      Ref<Vdi> moved =
          new VdiMigrationHandler(world.parts).poolMigrate(World.call(), disk, sr, Map.of());
      Held was = model.remove(disk);
      model.put(moved, was == null ? new Held(List.of(), Ref.none()) : was);
      model.replaceAll(
          (ref, held) -> held.snapshotOf().equals(disk) ? new Held(held.bytes(), moved) : held);
    }

    private void copyInto(Ref<Vdi> from, Ref<Vdi> to) {
      List<Integer> source = bytes(from);
      List<Integer> target = bytes(to);
      if (from.equals(to) || target.size() < source.size()) {
        return;
      }
      Ref<Vdi> _ =
          new VdiCopiesHandler(world.parts).copy(World.call(), from, Ref.none(), Ref.none(), to);
      for (int i = 0; i < target.size(); i++) {
        target.set(i, i < source.size() ? source.get(i) : 0);
      }
    }

    private List<Integer> bytes(Ref<Vdi> disk) {
      Held held = model.get(disk);
      return held == null ? List.of() : held.bytes();
    }

    void checkTree() {
      Set<Ref<Vdi>> there =
          world
              .store
              .snapshot()
              .rows(ApiModel.VDI)
              .map(row -> row.ref())
              .collect(Collectors.toSet());
      assertThat(there).isEqualTo(model.keySet());
      model.forEach((disk, held) -> {
        assertThat(world.vdi(disk).snapshotOf()).isEqualTo(held.snapshotOf());
        assertThat(world.vdi(disk).virtualSize()).isEqualTo(held.bytes().size() * MIB);
        assertThat(world.vdi(disk).currentOperations()).isEmpty();
      });
    }

    void checkContents() throws Exception {
      for (Map.Entry<Ref<Vdi>, Held> entry : model.entrySet()) {
        List<Integer> bytes = entry.getValue().bytes();
        for (int mib = 0; mib < bytes.size(); mib++) {
          io(entry.getKey(), "read -P %d %dM 1M".formatted(bytes.get(mib), mib));
        }
        WritingWorld.run("qemu-img", "check", "-q", lab.source(entry.getKey()).location());
      }
    }

    /** Merged to the end, a level is there only where two others need it. */
    void checkChains() {
      for (Ref<Sr> sr : repositories) {
        int disks = world.sr(sr).vdis().size();
        assertThat(lab.images(sr)).isLessThanOrEqualTo(Math.max(0, 2 * disks - 1));
        world
            .sr(sr)
            .vdis()
            .forEach(vdi -> assertThat(depth(world.vdi(vdi))).isLessThanOrEqualTo(disks));
      }
    }

    private static int depth(Vdi vdi) {
      return Integer.parseInt(vdi.smConfig().getOrDefault(ChainRecords.DEPTH, "1"));
    }

    private void io(Ref<Vdi> disk, String command) throws Exception {
      WritingWorld.run("qemu-io", "-f", "qcow2", "-c", command, lab.source(disk).location());
    }
  }
}
