package io.keelson.control.vm.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.control.vm.memory.Balance.Range;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** How memory is shared, whatever the VMs. */
final class BalanceTest {
  private static final long MOST = 1L << 44;

  @Property
  void nobodyLeavesItsRange(
      @ForAll("ranges") List<Range> ranges, @ForAll @LongRange(min = 0, max = MOST) long memory) {
    List<Long> shares = Balance.of(memory, ranges);
    assertThat(shares).hasSameSizeAs(ranges);
    for (int i = 0; i < shares.size(); i++) {
      assertThat(shares.get(i)).isBetween(ranges.get(i).min(), ranges.get(i).max());
    }
  }

  @Property
  void theSumFitsWhereverTheMinimumsDo(
      @ForAll("ranges") List<Range> ranges, @ForAll @LongRange(min = 0, max = MOST) long memory) {
    long least = ranges.stream().mapToLong(Range::min).sum();
    assertThat(sum(Balance.of(memory, ranges))).isLessThanOrEqualTo(Math.max(least, memory));
  }

  @Property
  void moreMemoryIsLessForNobody(
      @ForAll("ranges") List<Range> ranges,
      @ForAll @LongRange(min = 0, max = MOST) long memory,
      @ForAll @LongRange(min = 0, max = MOST) long more) {
    List<Long> before = Balance.of(memory, ranges);
    List<Long> after = Balance.of(memory + more, ranges);
    for (int i = 0; i < ranges.size(); i++) {
      assertThat(after.get(i)).isGreaterThanOrEqualTo(before.get(i));
    }
  }

  @Property
  void oneMoreVmIsMoreForNobody(
      @ForAll("ranges") List<Range> ranges,
      @ForAll("range") Range next,
      @ForAll @LongRange(min = 0, max = MOST) long memory) {
    List<Long> before = Balance.of(memory, ranges);
    List<Long> after = Balance.of(memory, Stream.concat(ranges.stream(), Stream.of(next)).toList());
    for (int i = 0; i < ranges.size(); i++) {
      assertThat(after.get(i)).isLessThanOrEqualTo(before.get(i));
    }
  }

  @Property
  void plentyGivesEverybodyTheMaximum(@ForAll("ranges") List<Range> ranges) {
    long most = ranges.stream().mapToLong(Range::max).sum();
    assertThat(sum(Balance.of(most, ranges))).isEqualTo(most);
  }

  private static long sum(List<Long> shares) {
    return shares.stream().mapToLong(Long::longValue).sum();
  }

  @Provide
  Arbitrary<List<Range>> ranges() {
    return range().list().ofMaxSize(20);
  }

  @Provide
  Arbitrary<Range> range() {
    Arbitrary<Long> bytes = Arbitraries.longs().between(0, 1L << 40);
    return Combinators.combine(bytes, bytes).as((min, more) -> new Range(min, min + more));
  }
}
