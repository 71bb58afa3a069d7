package io.keelson.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keelson.api.CleanText;
import io.keelson.api.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent to break the readers ends in a {@link WireException} of the right kind. */
class HostileInputTest {
  private static final String XML =
      "<?xml version=\"1.0\"?><methodCall><methodName>VM.create</methodName><params><param>"
          + "<value>é</value></param><param><value><struct><member><name>k</name><value><array>"
          + "<data><value><int>1</int></value><value><double>1.5</double></value></data></array>"
          + "</value></member></struct></value></param></params></methodCall>";
  private static final String JSON =
      "{\"jsonrpc\":\"2.0\",\"method\":\"VM.create\",\"params\":[\"é\\u00e9\",{\"k\":"
          + "[1,1.5e3,true,null]}],\"id\":\"1\"}";

  private final XmlReader xml = new XmlReader(WireLimits.DEFAULT);
  private final JsonReader json = new JsonReader(WireLimits.DEFAULT);

  @Test
  void documentTypesAreRefused() {
    String call = "<methodCall><methodName>&x;</methodName></methodCall>";
    for (String doctype :
        new String[] {
          "<!DOCTYPE methodCall [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
          "<!DOCTYPE methodCall SYSTEM \"http://127.0.0.1:1/x.dtd\">",
          "<!DOCTYPE methodCall [<!ENTITY % p SYSTEM \"http://127.0.0.1:1/\">%p;]>",
          "<!DOCTYPE a [<!ENTITY x0 \"ha\"><!ENTITY x1 \"&x0;&x0;\"><!ENTITY x \"&x1;&x1;\">]>",
          "<!DOCTYPE methodCall>"
        }) {
      assertThat(xmlProblem(doctype + call)).isEqualTo(WireException.Kind.DOCTYPE);
    }
    assertThat(xmlProblem(call)).isEqualTo(WireException.Kind.MALFORMED);
  }

  @Test
  void encodingsThatAreNoneAreRefused() {
    String call = "<methodCall><methodName>a.b</methodName></methodCall>";
    for (String encoding : new String[] {"UT", "no-such", "-", "x".repeat(100)}) {
      String declared = "<?xml version=\"1.0\" encoding=\"" + encoding + "\"?>";
      assertThat(xmlProblem(declared + call)).isEqualTo(WireException.Kind.MALFORMED);
      assertThat(xmlProblem(declared)).isEqualTo(WireException.Kind.MALFORMED);
    }
    String western = "<?xml version=\"1.0\" encoding=\"windows-1252\"?>" + call;
    assertThat(xml.read(western.getBytes(UTF_8)).method()).isEqualTo("a.b");
  }

  /** Nobody has to be logged in to send names, and there is no end of them. */
  @Test
  void namesThatCallersMakeUpAreNotKept() {
    String padding = "x".repeat(40_000);
    long before = live();
    for (int i = 0; i < 2_000; i++) {
      String name = "n" + i + padding;
      assertThat(
              xml.read(
                      ("<methodCall " + name + "='1'><methodName>a.b</methodName></methodCall>")
                          .getBytes(UTF_8))
                  .method())
          .isEqualTo("a.b");
      assertThat(
              json.read(
                  ("{\"method\":\"a.b\",\"params\":[{\"" + name + "\":1}],\"id\":1}")
                      .getBytes(UTF_8)))
          .isInstanceOf(JsonRequests.Single.class);
    }
    assertThat(live() - before).isLessThan(32L << 20);
    assertThat(List.of(xml, json)).doesNotContainNull(); // both are there until now
  }

  private static long live() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Test
  void depthIsBounded() {
    assertThat(xmlProblem(xmlCall("<value><array><data>".repeat(100_000))))
        .isEqualTo(WireException.Kind.LIMIT);
    assertThat(xmlProblem(xmlCall("<value><struct><member><name>a</name>".repeat(100_000))))
        .isEqualTo(WireException.Kind.LIMIT);
    assertThat(xmlProblem("<methodCall>".repeat(100_000))).isEqualTo(WireException.Kind.NOT_A_CALL);
    assertThat(jsonProblem("[".repeat(100_000))).isEqualTo(WireException.Kind.LIMIT);
    assertThat(jsonProblem("{\"a\":".repeat(100_000))).isEqualTo(WireException.Kind.LIMIT);
  }

  @Test
  void numbersAreBounded() {
    String digits = "9".repeat(1_000_000);
    assertThat(xmlProblem(xmlCall("<value><int>" + digits + "</int></value>")))
        .isEqualTo(WireException.Kind.LIMIT);
    assertThat(xmlProblem(xmlCall("<value><double>" + digits + "</double></value>")))
        .isEqualTo(WireException.Kind.LIMIT);
    assertThat(jsonProblem("{\"id\":" + digits + "}")).isEqualTo(WireException.Kind.LIMIT);
    assertThat(jsonProblem("{\"id\":0." + digits + "}")).isEqualTo(WireException.Kind.LIMIT);
  }

  @Test
  void textsAndValuesAreBounded() {
    var limits = new WireLimits(8, 100, 1_000, 2);
    String text = "a".repeat(1_001);
    String many = "<value/>".repeat(101);
    var smallXml = new XmlReader(limits);
    var smallJson = new JsonReader(limits);
    for (String body :
        new String[] {
          xmlCall("<value>" + text + "</value>"),
          xmlCall(
              "<value><struct><member><name>" + text + "</name><value/></member></struct></value>"),
          xmlCall("<value><array><data>" + many + "</data></array></value>"),
          "<methodCall><methodName>" + text + "</methodName></methodCall>"
        }) {
      assertThat(kind(() -> smallXml.read(body.getBytes(UTF_8))))
          .isEqualTo(WireException.Kind.LIMIT);
    }
    for (String body :
        new String[] {
          "{\"id\":\"" + text + "\"}",
          "{\"" + text + "\":1}",
          "[" + "0,".repeat(101) + "0]",
          "[{},{},{}]"
        }) {
      assertThat(kind(() -> smallJson.read(body.getBytes(UTF_8))))
          .isEqualTo(WireException.Kind.LIMIT);
    }
  }

  @Test
  void truncatedAnywhere() {
    byte[] wholeXml = XML.getBytes(UTF_8);
    for (int length = 0; length < wholeXml.length; length++) {
      byte[] part = Arrays.copyOf(wholeXml, length);
      assertThat(kind(() -> xml.read(part))).isNotNull();
    }
    byte[] wholeJson = JSON.getBytes(UTF_8);
    for (int length = 0; length < wholeJson.length; length++) {
      byte[] part = Arrays.copyOf(wholeJson, length);
      assertThat(kind(() -> json.read(part))).isNotNull();
    }
  }

  /** Whatever bytes come, a request or a {@link WireException} is what becomes of them. */
  @Test
  void damagedAnyhow() {
    var random = new Random(20_260_101);
    for (int i = 0; i < 20_000; i++) {
      byte[] body = damaged((i % 2 == 0 ? XML : JSON).getBytes(UTF_8), random);
      try {
        if (i % 2 == 0) {
          xml.read(body);
        } else {
          json.read(body);
        }
      } catch (WireException problem) {
        assertThat(problem.why()).isNotBlank();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "<a/>",
        "<methodCall/>",
        "<methodCall><methodName>m</methodName><x/></methodCall>",
        "<methodCall><methodName>m<b/></methodName></methodCall>",
        "<methodCall>text<methodName>m</methodName></methodCall>",
        "<methodCall><methodName>m</methodName></methodCall><again/>",
        "<methodCall><methodName>m</methodName></methodCall>text"
      })
  void xmlThatIsNoCall(String body) {
    assertThat(xmlProblem(body)).isIn(WireException.Kind.NOT_A_CALL, WireException.Kind.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<value>a<int>1</int></value>",
        "<value><int>1</int><int>2</int></value>",
        "<value><int><int>1</int></int></value>",
        "<value><float>1</float></value>",
        "<value><base64>*</base64></value>",
        "<value><base64>A</base64></value>",
        "<value><array/></value>",
        "<value><struct><member><value/></member></struct></value>",
        "<value><struct><member><name>a</name><value/></member>"
            + "<member><name>a</name><value/></member></struct></value>",
        "<value/><value/>",
        ""
      })
  void xmlValuesThatAreNone(String value) {
    assertThat(xmlProblem(xmlCall(value))).isEqualTo(WireException.Kind.NOT_A_CALL);
  }

  @Test
  void jsonThatIsNoCall() {
    assertThat(jsonProblem("[]")).isEqualTo(WireException.Kind.NOT_A_CALL);
    assertThat(jsonProblem("{\"id\":1,\"id\":2}")).isEqualTo(WireException.Kind.NOT_A_CALL);
    assertThat(jsonProblem("{\"id\":1} {}")).isEqualTo(WireException.Kind.MALFORMED);
    assertThat(jsonProblem("{\"id\":NaN}")).isEqualTo(WireException.Kind.MALFORMED);
    assertThat(jsonProblem("{'id':1}")).isEqualTo(WireException.Kind.MALFORMED);
    assertThat(jsonProblem("{\"id\":01}")).isEqualTo(WireException.Kind.MALFORMED);
    assertThat(jsonProblem("{\"id\":\"a\nb\"}")).isEqualTo(WireException.Kind.MALFORMED);
    assertThat(jsonProblem("\uFEFF\u0000")).isEqualTo(WireException.Kind.MALFORMED);
  }

  @Test
  void uncleanTextInXml() {
    for (byte[] body :
        new byte[][] {
          xmlCall("<value>\u00E9</value>").getBytes(ISO_8859_1),
          xmlCall("<value>a\u0000b</value>").getBytes(UTF_8),
          xmlCall("<value>\u0001</value>").getBytes(UTF_8),
          xmlCall("<value>\uFFFE</value>").getBytes(UTF_8)
        }) {
      assertThat(kind(() -> xml.read(body))).isEqualTo(WireException.Kind.INVALID_TEXT);
    }
    assertThat(xmlProblem(xmlCall("<value>&#1;</value>"))).isEqualTo(WireException.Kind.MALFORMED);
    assertThat(xmlProblem(xmlCall("<value>&#xD800;</value>")))
        .isEqualTo(WireException.Kind.MALFORMED);
  }

  @Test
  void uncleanTextInJsonIsKeptForTheGateToName() {
    for (byte[] body :
        new byte[][] {
          jsonCall("\"\u00E9\"").getBytes(ISO_8859_1),
          jsonCall("\"\\u0000\"").getBytes(UTF_8),
          jsonCall("\"\\ud800\"").getBytes(UTF_8),
          jsonCall("{\"\\u0001\":1}").getBytes(UTF_8),
          jsonCall("[\"\\uffff\"]").getBytes(UTF_8)
        }) {
      var call = (JsonCall.Valid) ((JsonRequests.Single) json.read(body)).call();
      assertThat(call.request().params()).noneMatch(CleanText::isClean);
    }
    assertThat(CleanText.isClean(new Value.Text("tab\té漢😀\r\n"))).isTrue();
  }

  private static byte[] damaged(byte[] body, Random random) {
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(body.length);
      switch (random.nextInt(4)) {
        case 0 -> body[at] = (byte) random.nextInt(256);
        case 1 -> body = Arrays.copyOf(body, Math.max(1, at));
        case 2 -> body[at] = body[random.nextInt(body.length)];
        default -> {
          int from = random.nextInt(body.length);
          int size = Math.min(random.nextInt(24), body.length - Math.max(at, from));
          System.arraycopy(body, from, body, at, size);
        }
      }
    }
    return body;
  }

  private static String xmlCall(String value) {
    return "<methodCall><methodName>m</methodName><params><param>"
        + value
        + "</param></params></methodCall>";
  }

  private static String jsonCall(String param) {
    return "{\"id\":1,\"method\":\"m\",\"params\":[" + param + "]}";
  }

  private WireException.Kind xmlProblem(String body) {
    return kind(() -> xml.read(body.getBytes(UTF_8)));
  }

  private WireException.Kind jsonProblem(String body) {
    return kind(() -> json.read(body.getBytes(UTF_8)));
  }

  private static WireException.Kind kind(Runnable read) {
    return catchThrowableOfType(WireException.class, read::run).kind();
  }
}
