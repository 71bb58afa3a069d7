package io.keelson.conformance.fuzz.make;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.conformance.surface.Surface;
import io.keelson.model.Model;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class GeneratorTest {
  private static final int SOME = 20_000;

  private final Generator generator = new Generator(new Surface(Model.load()), 7);

  @Test
  void numberIsTheSameRequestsEachTime() {
    Generator again = new Generator(new Surface(Model.load()), 7);
    for (long number = 0; number < 500; number++) {
      assertThat(again.of(number)).isEqualTo(generator.of(number));
    }
    assertThat(new Generator(new Surface(Model.load()), 8).of(3)).isNotEqualTo(generator.of(3));
  }

  /** A character beyond would change the length of a request when it is sent. */
  @Test
  void requestsAreBytes() {
    assertThat(all()).allMatch(r -> r.raw().chars().allMatch(c -> c < 256));
  }

  @Test
  void everyWayToAnswerIsAskedFor() {
    for (Wanted wanted : Wanted.values()) {
      assertThat(all().stream().filter(r -> r.wanted() == wanted).count())
          .as(wanted.name())
          .isGreaterThan(20);
    }
  }

  @Test
  void lengthIsThatOfTheBodyAsItIsSent() {
    byte[] sent =
        Filling.bytes(
            "POST / HTTP/1.1\r\nContent-Length: @{length}\r\n\r\n<@{session}>@{none",
            name -> name.equals("session") ? Optional.of("OpaqueRef:1") : Optional.empty());
    assertThat(new String(sent, ISO_8859_1))
        .isEqualTo("POST / HTTP/1.1\r\nContent-Length: 19\r\n\r\n<OpaqueRef:1>@{none");
  }

  @Test
  void lengthOfACommandIsThatOfItsWordsAlone() {
    Request command =
        all().stream().filter(r -> r.wanted() == Wanted.THIN).findFirst().orElseThrow();
    assertThat(command.parts().getFirst()).startsWith("POST /cli ").doesNotContain(Request.XE);
    assertThat(command.parts().get(1)).contains(Request.XE);
  }

  @Test
  void textsBecomeUtf8() {
    String text = "a\u00e9\u20ac\ud83d\ude00";
    assertThat(Latin.utf8(text)).isEqualTo(new String(text.getBytes(UTF_8), ISO_8859_1));
    assertThat(Latin.utf8("\ud800")).isEqualTo("\u00ed\u00a0\u0080");
  }

  private List<Request> all() {
    return LongStream.range(0, SOME)
        .boxed()
        .flatMap(number -> generator.of(number).stream())
        .toList();
  }
}
