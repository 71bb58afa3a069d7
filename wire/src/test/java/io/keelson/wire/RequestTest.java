package io.keelson.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Requests as real clients write them. */
class RequestTest {
  private final XmlReader xml = new XmlReader(WireLimits.DEFAULT);
  private final JsonReader json = new JsonReader(WireLimits.DEFAULT);

  @Test
  void xmlInEveryType() {
    RpcRequest request =
        xml(
            """
            <?xml version='1.0'?>
            <!-- a comment -->
            <methodCall>
              <methodName>VM.create</methodName>
              <params>
                <param><value>plain &lt;&#233;&gt;</value></param>
                <param><value><string> typed </string></value></param>
                <param><value><string/></value></param>
                <param><value/></param>
                <param><value><int>-1</int></value></param>
                <param><value> <i4>2</i4> </value></param>
                <param><value><i8>9007199254740993</i8></value></param>
                <param><value><boolean>1</boolean></value></param>
                <param><value><boolean>false</boolean></value></param>
                <param><value><double>0.5</double></value></param>
                <param><value><dateTime.iso8601>20250319T04:16:24Z</dateTime.iso8601></value></param>
                <param><value><base64>aGk=</base64></value></param>
                <param><value><nil/></value></param>
                <param><value><array><data><value>a</value><value><int>1</int></value></data></array></value></param>
                <param><value><struct><member><name>k</name><value><![CDATA[<v>]]></value></member></struct></value></param>
              </params>
            </methodCall>
            """);
    assertThat(request.method()).isEqualTo("VM.create");
    assertThat(request.params())
        .containsExactly(
            new Value.Text("plain <é>"),
            new Value.Text(" typed "),
            new Value.Text(""),
            new Value.Text(""),
            new Value.Whole(-1),
            new Value.Whole(2),
            new Value.Whole(9_007_199_254_740_993L),
            new Value.Flag(true),
            new Value.Flag(false),
            new Value.Real(0.5),
            new Value.Moment("20250319T04:16:24Z"),
            new Value.Text("hi"),
            new Value.Nothing(),
            new Value.Sequence(List.of(new Value.Text("a"), new Value.Whole(1))),
            new Value.Structure(Map.of("k", new Value.Text("<v>"))));
  }

  @Test
  void xmlWithoutParams() {
    assertThat(xml("<methodCall><methodName>system.listMethods</methodName></methodCall>"))
        .isEqualTo(new RpcRequest("system.listMethods", List.of()));
  }

  @Test
  void whatMakesNoSenseStaysText() {
    assertThat(
            xml("<methodCall><methodName>m</methodName><params>"
                    + "<param><value><int>0x10</int></value></param>"
                    + "<param><value><int>99999999999999999999</int></value></param>"
                    + "<param><value><boolean>yes</boolean></value></param>"
                    + "<param><value><double>1,5</double></value></param>"
                    + "</params></methodCall>")
                .params())
        .containsExactly(
            new Value.Text("0x10"),
            new Value.Text("99999999999999999999"),
            new Value.Text("yes"),
            new Value.Text("1,5"));
  }

  @Test
  void jsonVersions() {
    assertThat(json("{\"id\":\"a\",\"method\":\"VM.get_all\",\"params\":[\"s\"]}"))
        .isEqualTo(
            new JsonCall.Valid(
                new JsonEnvelope(JsonVersion.V1, new JsonId.Text("a")),
                new RpcRequest("VM.get_all", List.of(new Value.Text("s")))));
    assertThat(
            json(
                "{\"params\":[1,-2.5,true,null,{\"k\":[\"\\u00e9\"]},123456789012345678901],"
                    + "\"method\":\"m\",\"id\":12345678901,\"jsonrpc\":\"2.0\",\"more\":{}}"))
        .isEqualTo(
            new JsonCall.Valid(
                new JsonEnvelope(JsonVersion.V2, new JsonId.Whole(12_345_678_901L)),
                new RpcRequest(
                    "m",
                    List.of(
                        new Value.Whole(1),
                        new Value.Real(-2.5),
                        new Value.Flag(true),
                        new Value.Nothing(),
                        new Value.Structure(
                            Map.of("k", new Value.Sequence(List.of(new Value.Text("é"))))),
                        new Value.Text("123456789012345678901")))));
  }

  @Test
  void jsonParamsMayBeAbsentOrAnObject() {
    assertThat(json("{\"id\":1,\"method\":\"m\"}"))
        .isInstanceOfSatisfying(
            JsonCall.Valid.class, call -> assertThat(call.request().params()).isEmpty());
    assertThat(json("{\"id\":1,\"method\":\"m\",\"params\":{\"a\":1}}"))
        .isInstanceOfSatisfying(
            JsonCall.Valid.class,
            call ->
                assertThat(call.request().params())
                    .containsExactly(new Value.Structure(Map.of("a", new Value.Whole(1)))));
  }

  @Test
  void jsonThatIsNoCallKeepsItsEnvelope() {
    assertRefused("{\"jsonrpc\":\"2.0\",\"id\":3}", JsonVersion.V2);
    assertRefused("{\"id\":3,\"method\":5}", JsonVersion.V1);
    assertRefused("{\"id\":3,\"method\":\"m\",\"params\":\"x\"}", JsonVersion.V1);
    assertRefused("{\"jsonrpc\":\"3.0\",\"id\":3,\"method\":\"m\"}", JsonVersion.V2);
    assertThat(json("{\"method\":\"m\",\"id\":null}")).isInstanceOf(JsonCall.Refused.class);
    assertThat(json("{\"method\":\"m\"}")).isInstanceOf(JsonCall.Refused.class);
    assertThat(json("\"m\"")).isInstanceOf(JsonCall.Refused.class);
  }

  @Test
  void jsonBatch() {
    assertThat(json.read("[{\"id\":1,\"method\":\"a\"},5]".getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            JsonRequests.Batch.class,
            batch -> {
              assertThat(batch.calls()).hasSize(2);
              assertThat(batch.calls().getFirst()).isInstanceOf(JsonCall.Valid.class);
              assertThat(batch.calls().getLast()).isInstanceOf(JsonCall.Refused.class);
            });
  }

  private void assertRefused(String body, JsonVersion version) {
    assertThat(json(body))
        .isInstanceOfSatisfying(
            JsonCall.Refused.class,
            call ->
                assertThat(call.envelope())
                    .isEqualTo(new JsonEnvelope(version, new JsonId.Whole(3))));
  }

  private RpcRequest xml(String body) {
    return xml.read(body.strip().getBytes(UTF_8));
  }

  private JsonCall json(String body) {
    return ((JsonRequests.Single) json.read(body.getBytes(UTF_8))).call();
  }
}
