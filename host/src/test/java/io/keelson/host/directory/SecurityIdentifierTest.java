package io.keelson.host.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Identifiers of Active Directory in their two forms. */
class SecurityIdentifierTest {
  @Test
  void oneThatIsKnown() {
    byte[] bytes =
        HexFormat.of().parseHex("010500000000000515000000878fed7fc4c55c894571ece01e803000");
    String text = SecurityIdentifier.text(bytes).orElseThrow();
    assertThat(text).startsWith("S-1-5-21-");
    assertThat(SecurityIdentifier.bytes(text)).contains(bytes);
    assertThat(SecurityIdentifier.bytes("S-1-5-32-544").orElseThrow())
        .isEqualTo(HexFormat.of().parseHex("01020000000000052000000020020000"));
    assertThat(SecurityIdentifier.sibling("S-1-5-21-7", "513")).isEqualTo("S-1-5-21-513");
  }

  @Test
  void whatIsNone() {
    for (String text :
        new String[] {
          "", "S-1", "S-2-5-1", "S-1-5-4294967296", "S-1-x", "alice", "S-1-999999999999999-1"
        }) {
      assertThat(SecurityIdentifier.bytes(text)).as(text).isEmpty();
    }
    assertThat(SecurityIdentifier.text(new byte[] {1, 5, 0, 0})).isEmpty();
    assertThat(SecurityIdentifier.text(new byte[9])).isEmpty();
  }

  @Property
  void comeBackAsTheyWere(
      @ForAll @LongRange(min = 0, max = (1L << 48) - 1) long authority,
      @ForAll @Size(max = 15) List<@LongRange(min = 0, max = 0xffff_ffffL) Long> parts) {
    String text =
        "S-1-" + authority + parts.stream().map(p -> "-" + p).collect(Collectors.joining());
    assertThat(SecurityIdentifier.bytes(text).flatMap(SecurityIdentifier::text)).contains(text);
  }

  @Property
  void anyBytesAreAnswered(@ForAll byte[] bytes) {
    SecurityIdentifier.text(bytes)
        .ifPresent(text -> assertThat(SecurityIdentifier.bytes(text)).contains(bytes));
  }
}
