package io.keelson.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import io.keelson.testkit.wire.RawHttp;
import io.keelson.testkit.wire.RawHttp.Response;
import io.keelson.testkit.wire.Values;
import io.keelson.testkit.wire.XmlRpc;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Cases 14 to 19 and 22: the very bytes of replies, on which clients depend. */
@RunsOn(hosts = 1)
class EnvelopeTest {
  private static final String JSON = "application/json";
  private static final String XML = "text/xml";

  private final JsonMapper mapper = new JsonMapper();
  private final ServerBox box;
  private final Api api;

  EnvelopeTest(ServerBox box) {
    this.box = box;
    this.api = box.login(Format.JSON_RPC);
  }

  @AfterEach
  void logOut() {
    api.close();
  }

  @Test
  void firstJsonFormatHasResultErrorAndIdInThisOrder() throws IOException {
    assertThat(json("{'method':'session.logout','params':['x'],'id':1}"))
        .isEqualTo("{\"result\":null,\"error\":[\"SESSION_INVALID\",\"x\"],\"id\":1}");
    assertThat(json("{'method':'pool.get_all','params':['" + session() + "'],'id':2}"))
        .startsWith("{\"result\":[\"OpaqueRef:")
        .endsWith("\"],\"error\":null,\"id\":2}");
  }

  @Test
  void secondJsonFormatHasItsVersionAndCodeOne() throws IOException {
    assertThat(json("{'jsonrpc':'2.0','method':'session.logout','params':['x'],'id':1}"))
        .isEqualTo(
            "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":1,\"message\":\"SESSION_INVALID\",\"data\":[\"x\"]},\"id\":1}");
    assertThat(
            json("{'jsonrpc':'2.0','method':'pool.get_all','params':['" + session() + "'],'id':2}"))
        .startsWith("{\"jsonrpc\":\"2.0\",\"result\":[\"OpaqueRef:")
        .endsWith("\"],\"id\":2}");
  }

  @Test
  void idsComeBackWithTheirType() throws IOException {
    String call =
        "{'jsonrpc':'2.0','method':'pool.get_all','params':['" + session() + "'],'id':%s}";

    assertThat(json(call.formatted("'abc'"))).endsWith("\"id\":\"abc\"}");
    assertThat(json(call.formatted("'7'"))).endsWith("\"id\":\"7\"}");
    assertThat(json(call.formatted("7"))).endsWith("\"id\":7}");
    assertThat(json(call.formatted("9007199254740993"))).endsWith("\"id\":9007199254740993}");
  }

  @Test
  void wholeNumbersAreNumbersInJsonAndBareTextInXml() throws IOException {
    JsonNode host = api.call("host.get_all").get(0);

    assertThat(api.call("host.get_API_version_major", host).isIntegralNumber()).isTrue();
    assertThat(xml("host.get_API_version_major", host))
        .isEqualTo(success("<value>" + api.read("host.get_API_version_major", host) + "</value>"));
  }

  @Test
  void textsAreBareAndNothingIsAnEmptyValueInXml() throws IOException {
    JsonNode pool = api.call("pool.get_all").get(0);

    assertThat(xml("pool.get_uuid", pool))
        .isEqualTo(success("<value>" + api.read("pool.get_uuid", pool) + "</value>"));
    assertThat(xml("pool.set_name_description", pool, Values.text("a<b>&\"c\"")))
        .isEqualTo(success("<value></value>"));
    assertThat(xml("pool.get_name_description", pool))
        .isEqualTo(success("<value>a&lt;b&gt;&amp;&quot;c&quot;</value>"));
  }

  @Test
  void flagsDatesAndSetsHaveTheirTagsInXml() throws IOException {
    JsonNode pool = api.call("pool.get_all").get(0);
    JsonNode host = api.call("host.get_all").get(0);

    assertThat(xml("pool.get_ha_enabled", pool))
        .isEqualTo(success("<value><boolean>0</boolean></value>"));
    assertThat(xml("host.get_servertime", host))
        .contains("<value><dateTime.iso8601>2")
        .contains("Z</dateTime.iso8601></value>");
    assertThat(xml("pool.get_all"))
        .isEqualTo(
            success(
                "<value><array><data><value>"
                    + pool.asString()
                    + "</value></data></array></value>"));
    assertThat(xml("VM.get_by_name_label", Values.text("none")))
        .isEqualTo(success("<value><array><data></data></array></value>"));
  }

  @Test
  void failuresInXmlAreAListOfTexts() throws IOException {
    assertThat(xml("VM.get_by_uuid", Values.text("x")))
        .isEqualTo(
            "<?xml version=\"1.0\"?><methodResponse><params><param><value><struct>"
                + "<member><name>Status</name><value>Failure</value></member>"
                + "<member><name>ErrorDescription</name><value><array><data>"
                + "<value>UUID_INVALID</value><value>VM</value><value>x</value>"
                + "</data></array></value></member></struct></value></param></params></methodResponse>");
  }

  @Test
  void datesAndReferencesAreTextsInJson() {
    JsonNode host = api.call("host.get_all").get(0);

    assertThat(api.read("host.get_servertime", host)).matches("\\d{8}T\\d\\d:\\d\\d:\\d\\dZ");
    assertThat(api.read("host.get_server_localtime", host)).matches("\\d{8}T\\d\\d:\\d\\d:\\d\\d");
  }

  @Test
  void fractionsHaveAPointInJson() throws IOException {
    JsonNode vm = api.call("VM.get_all").get(0);
    assertThat(
            json(
                "{'jsonrpc':'2.0','method':'VM.get_HVM_shadow_multiplier','params':['%s','%s'],'id':1}"
                    .formatted(session(), vm.asString())))
        .contains("\"result\":1.0,");
  }

  @Test
  void listOfMethodsIsABareArrayInXml() throws IOException {
    try (RawHttp http = new RawHttp(box.api())) {
      assertThat(http.post("/", XML, XmlRpc.call("system.listMethods", List.of())).text())
          .startsWith(
              "<?xml version=\"1.0\"?><methodResponse><params><param><value><array><data><value>")
          .doesNotContain("Status");
    }
  }

  @Test
  void jsonCallWithoutIdIsAnsweredInJson() throws IOException {
    JsonNode reply =
        mapper.readTree(json("{'jsonrpc':'2.0','method':'pool.get_all','params':['x']}"));
    assertThat(reply.path("error").path("code").isIntegralNumber()).isTrue();
  }

  @Test
  void brokenJsonIsAnsweredInJson() throws IOException {
    for (String broken : List.of("{", "[1,2", "nonsense", "{'jsonrpc':'2.0','id':1}", "7", "[]")) {
      assertThat(mapper.readTree(json(broken)).toString()).contains("error");
    }
  }

  /** XML-RPC's own fault, where XenServer shows an error page. */
  @Test
  void brokenXmlIsAFault() throws IOException {
    for (String broken :
        List.of(
            "<methodCall>",
            "",
            "<a/>",
            "nonsense",
            "<!DOCTYPE a [<!ENTITY b 'c'>]><methodCall/>")) {
      try (RawHttp http = new RawHttp(box.api())) {
        Response response = http.post("/", XML, broken);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text())
            .contains("<methodResponse><fault><value><struct>")
            .doesNotContain("Exception")
            .doesNotContain("\tat ");
      }
    }
  }

  @Test
  void xmlWithoutParamsIsACallWithoutParameters() throws IOException {
    try (RawHttp http = new RawHttp(box.api())) {
      String call = "<methodCall><methodName>system.listMethods</methodName></methodCall>";
      assertThat(http.post("/", XML, call).text()).contains("<value>VM.start</value>");
    }
  }

  @Test
  void allPathsOfRemoteCallsAnswer() throws IOException {
    String call = XmlRpc.call("pool.get_all", List.of(api.session()));
    for (String path : List.of("/", "/RPC2", "/xmlrpc")) {
      try (RawHttp http = new RawHttp(box.api())) {
        assertThat(http.post(path, XML, call).text()).contains("<value>Success</value>");
      }
    }
  }

  private String session() {
    return api.session().asString();
  }

  /** Posts JSON, written with single quotes for the eye. */
  private String json(String body) throws IOException {
    try (RawHttp http = new RawHttp(box.api())) {
      Response response = http.post("/jsonrpc", JSON, body.replace('\'', '"'));
      assertThat(response.header("content-type")).isEqualTo(JSON);
      return response.text();
    }
  }

  private String xml(String method, JsonNode... parameters) throws IOException {
    List<JsonNode> all = new ArrayList<>(List.of(parameters));
    all.addFirst(api.session());
    try (RawHttp http = new RawHttp(box.api())) {
      Response response = http.post("/", XML, XmlRpc.call(method, all));
      assertThat(response.header("content-type")).isEqualTo(XML);
      return response.text();
    }
  }

  private static String success(String value) {
    return "<?xml version=\"1.0\"?><methodResponse><params><param><value><struct>"
        + "<member><name>Status</name><value>Success</value></member><member><name>Value</name>"
        + value
        + "</member></struct></value></param></params></methodResponse>";
  }
}
