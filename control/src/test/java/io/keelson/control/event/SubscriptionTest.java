package io.keelson.control.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.store.EventToken;
import io.keelson.store.ObjectId;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** What subscriptions and tokens mean. */
class SubscriptionTest {
  private static final ObjectId<?> VM = new ObjectId<>(ApiModel.VM, Ref.of("OpaqueRef:a"));
  private static final ObjectId<?> HOST = new ObjectId<>(ApiModel.HOST, Ref.of("OpaqueRef:a"));

  @Test
  void meansClassesAndObjects() {
    assertThat(Subscription.parse(List.of("*"))).accepts(VM, HOST);
    assertThat(Subscription.parse(List.of("vm"))).accepts(VM).rejects(HOST);
    assertThat(Subscription.parse(List.of("VM", "hOsT"))).accepts(VM, HOST);
    assertThat(Subscription.parse(List.of("VM/OpaqueRef:a"))).accepts(VM).rejects(HOST);
    assertThat(Subscription.parse(List.of("VM/OpaqueRef:b"))).rejects(VM, HOST);
    assertThat(Subscription.parse(List.of("unicorn"))).rejects(VM, HOST);
    assertThat(Subscription.parse(List.of())).rejects(VM, HOST);
  }

  @Test
  void twoSlashesAreTooMany() {
    assertThatThrownBy(() -> Subscription.parse(List.of("VM/a/b")))
        .isInstanceOfSatisfying(
            ApiError.class,
            e ->
                assertThat(e.description())
                    .containsExactly("EVENT_SUBSCRIPTION_PARSE_FAILURE", "VM/a/b"));
  }

  @Property(tries = 300)
  void takingAwayWhatWasAddedLeavesNothing(@ForAll List<String> texts) {
    List<String> plain = texts.stream().map(t -> t.replace("/", "")).toList();
    assertThat(Subscription.parse(plain).minus(plain).isEmpty()).isTrue();
  }

  @Property(tries = 300)
  void tokensAreReadBackAndSortAsTheyShould(
      @ForAll @LongRange(min = 0) long generation,
      @ForAll @LongRange(min = 0) long overlay,
      @ForAll @LongRange(min = 0) long later) {
    EventToken token = new EventToken(generation, overlay);
    assertThat(TokenText.parse(TokenText.of(token))).isEqualTo(token);
    assertThat(TokenText.of(token)).matches("\\d{20},\\d{20}");
    assertThat(
            Integer.signum(
                TokenText.of(token).compareTo(TokenText.of(new EventToken(later, overlay)))))
        .isEqualTo(Long.signum(Long.compare(generation, later)));
  }

  @Property(tries = 300)
  void otherTextIsNoToken(@ForAll String text) {
    try {
      EventToken read = TokenText.parse(text);
      assertThat(read.generation()).isNotNegative();
    } catch (ApiError e) {
      assertThat(e.description()).containsExactly("EVENT_FROM_TOKEN_PARSE_FAILURE", text);
    }
  }
}
