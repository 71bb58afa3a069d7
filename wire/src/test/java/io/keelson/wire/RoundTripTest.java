package io.keelson.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.CleanText;
import io.keelson.api.EncodedOnce;
import io.keelson.api.Value;
import io.keelson.api.ValueSink;
import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What our writers write, our readers read as the same values. */
class RoundTripTest {
  private final XmlReader xml = new XmlReader(WireLimits.DEFAULT);
  private final JsonReader json = new JsonReader(WireLimits.DEFAULT);

  @Property
  void throughXml(@ForAll("values") Value value) {
    String text = XmlReplies.valueText(out -> write(value, out));
    RpcRequest read =
        xml.read(
            ("<methodCall><methodName>m</methodName><params><param>"
                    + text
                    + "</param></params></methodCall>")
                .getBytes(UTF_8));
    assertThat(read.params()).containsExactly(asXmlTells(value));
  }

  @Property
  void throughJson(@ForAll("values") Value value) {
    byte[] reply =
        JsonReplies.success(
                new JsonEnvelope(JsonVersion.V2, new JsonId.Whole(1)), out -> write(value, out))
            .toByteArray();
    String request =
        new String(reply, UTF_8).replaceFirst("\"result\":", "\"method\":\"m\",\"params\":[");
    request = request.substring(0, request.length() - ",\"id\":1}".length()) + "],\"id\":1}";
    assertThat(json.read(request.getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            JsonRequests.Single.class,
            single ->
                assertThat(((JsonCall.Valid) single.call()).request().params())
                    .containsExactly(asJsonTells(value)));
  }

  @Property(tries = 100)
  void sharedValuesAreWrittenAsTheyWouldBeInPlace(@ForAll("values") Value value) {
    var once = new EncodedOnce(out -> write(value, out));
    String inPlace = XmlReplies.valueText(out -> write(value, out));
    for (int i = 0; i < 2; i++) {
      assertThat(XmlReplies.valueText(out -> out.shared(once))).isEqualTo(inPlace);
    }
    assertThat(JsonReplies.success(JsonEnvelope.UNKNOWN, out -> out.shared(once)).toByteArray())
        .isEqualTo(
            JsonReplies.success(JsonEnvelope.UNKNOWN, out -> write(value, out)).toByteArray());
  }

  @Provide
  Arbitrary<Value> values() {
    Arbitrary<String> texts =
        Arbitraries.strings().all().ofMaxLength(20).filter(CleanText::isClean);
    Arbitrary<Value> leaves =
        Arbitraries.oneOf(
            texts.map(Value.Text::new),
            Arbitraries.longs().map(Value.Whole::new),
            Arbitraries.integers().map(n -> new Value.Real(n / 16.0)),
            Arbitraries.of(true, false).map(Value.Flag::new),
            Arbitraries.just(new Value.Moment("20250319T04:16:24Z")));
    return Arbitraries.recursive(
        () -> leaves,
        inner ->
            Arbitraries.oneOf(
                inner.list().ofMaxSize(4).map(Value.Sequence::new),
                Arbitraries.maps(texts, inner).ofMaxSize(4).map(Value.Structure::new)),
        0,
        5);
  }

  private static void write(Value value, ValueSink out) {
    switch (value) {
      case Value.Text t -> out.text(t.text());
      case Value.Whole n -> out.whole(n.number());
      case Value.Real n -> out.real(n.number());
      case Value.Flag f -> out.flag(f.on());
      case Value.Moment m -> out.moment(m.text());
      case Value.Nothing _ -> out.nothing();
      case Value.Sequence s -> {
        out.beginSequence();
        s.items().forEach(item -> write(item, out));
        out.endSequence();
      }
      case Value.Structure s -> {
        out.beginStructure();
        s.members()
            .forEach((name, member) -> {
              out.member(name);
              write(member, out);
            });
        out.endStructure();
      }
    }
  }

  /** XML-RPC here shows whole numbers as text. */
  private static Value asXmlTells(Value value) {
    return switch (value) {
      case Value.Whole n -> new Value.Text(Long.toString(n.number()));
      case Value.Sequence(var items) ->
          new Value.Sequence(items.stream().map(RoundTripTest::asXmlTells).toList());
      case Value.Structure(var members) -> {
        Map<String, Value> told = new LinkedHashMap<>();
        members.forEach((name, member) -> told.put(name, asXmlTells(member)));
        yield new Value.Structure(told);
      }
      case Value.Text _, Value.Real _, Value.Flag _, Value.Moment _, Value.Nothing _ -> value;
    };
  }

  /** JSON has no dates. */
  private static Value asJsonTells(Value value) {
    return switch (value) {
      case Value.Moment m -> new Value.Text(m.text());
      case Value.Sequence(var items) ->
          new Value.Sequence(items.stream().map(RoundTripTest::asJsonTells).toList());
      case Value.Structure(var members) -> {
        Map<String, Value> told = new LinkedHashMap<>();
        members.forEach((name, member) -> told.put(name, asJsonTells(member)));
        yield new Value.Structure(told);
      }
      case Value.Text _, Value.Real _, Value.Flag _, Value.Whole _, Value.Nothing _ -> value;
    };
  }
}
