package io.keelson.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiErrors;
import io.keelson.api.ChangeEvent;
import io.keelson.api.EncodedOnce;
import io.keelson.api.EventBatch;
import io.keelson.api.Reply;
import io.keelson.api.model.EventOperation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The exact bytes of replies, which existing clients depend on. */
class ReplyGoldenTest {
  private static final String XML_OPEN = "<?xml version=\"1.0\"?><methodResponse><params><param>";
  private static final String XML_CLOSE = "</param></params></methodResponse>";
  private static final JsonEnvelope V1 = new JsonEnvelope(JsonVersion.V1, new JsonId.Text("a\"1"));
  private static final JsonEnvelope V2 = new JsonEnvelope(JsonVersion.V2, new JsonId.Whole(7));

  /** One value of every kind. */
  private static final Reply EVERYTHING =
      out -> {
        out.beginStructure();
        out.member("text <&>");
        out.text("a<b>&\"c'é漢😀\t\n\r\u0001\uD800z");
        out.member("empty");
        out.text("");
        out.member("whole");
        out.whole(-9_007_199_254_740_993L);
        out.member("count");
        out.count(3);
        out.member("one");
        out.real(1.0);
        out.member("half");
        out.real(0.5);
        out.member("on");
        out.flag(true);
        out.member("off");
        out.flag(false);
        out.member("at");
        out.moment("20250319T04:16:24Z");
        out.member("nothing");
        out.nothing();
        out.member("list");
        out.beginSequence();
        out.text("x");
        out.beginSequence();
        out.endSequence();
        out.beginStructure();
        out.endStructure();
        out.endSequence();
        out.endStructure();
      };

  @Test
  void xmlValues() {
    assertThat(XmlReplies.valueText(EVERYTHING))
        .isEqualTo(
            "<value><struct>"
                + "<member><name>text &lt;&amp;&gt;</name>"
                + "<value>a&lt;b&gt;&amp;&quot;c'é漢😀\t\n&#13;z</value></member>"
                + "<member><name>empty</name><value></value></member>"
                + "<member><name>whole</name><value>-9007199254740993</value></member>"
                + "<member><name>count</name><value><i4>3</i4></value></member>"
                + "<member><name>one</name><value><double>1</double></value></member>"
                + "<member><name>half</name><value><double>0.5</double></value></member>"
                + "<member><name>on</name><value><boolean>1</boolean></value></member>"
                + "<member><name>off</name><value><boolean>0</boolean></value></member>"
                + "<member><name>at</name><value>"
                + "<dateTime.iso8601>20250319T04:16:24Z</dateTime.iso8601></value></member>"
                + "<member><name>nothing</name><value></value></member>"
                + "<member><name>list</name><value><array><data><value>x</value>"
                + "<value><array><data></data></array></value><value><struct></struct></value>"
                + "</data></array></value></member>"
                + "</struct></value>");
  }

  @Test
  void jsonValues() {
    assertThat(text(JsonReplies.success(V2, EVERYTHING)))
        .isEqualTo(
            "{\"jsonrpc\":\"2.0\",\"result\":{"
                + "\"text <&>\":\"a<b>&\\\"c'é漢😀\\t\\n\\r\\u0001\uFFFDz\","
                + "\"empty\":\"\",\"whole\":-9007199254740993,\"count\":3,\"one\":1.0,"
                + "\"half\":0.5,\"on\":true,\"off\":false,\"at\":\"20250319T04:16:24Z\","
                + "\"nothing\":\"\",\"list\":[\"x\",[],{}]},\"id\":7}");
  }

  @Test
  void xmlEnvelopes() {
    assertThat(text(XmlReplies.success(out -> out.text("OpaqueRef:1"))))
        .isEqualTo(
            XML_OPEN
                + "<value><struct><member><name>Status</name><value>Success</value></member>"
                + "<member><name>Value</name><value>OpaqueRef:1</value></member></struct></value>"
                + XML_CLOSE);
    assertThat(text(XmlReplies.success(Reply.NOTHING)))
        .contains("<name>Value</name><value></value></member>");
    assertThat(text(XmlReplies.failure(ApiErrors.invalidValue("a&b", "c").description())))
        .isEqualTo(
            XML_OPEN
                + "<value><struct><member><name>Status</name><value>Failure</value></member>"
                + "<member><name>ErrorDescription</name><value><array><data>"
                + "<value>INVALID_VALUE</value><value>a&amp;b</value><value>c</value>"
                + "</data></array></value></member></struct></value>"
                + XML_CLOSE);
    assertThat(
            text(
                XmlReplies.bare(out -> {
                  out.beginSequence();
                  out.text("VM.start");
                  out.endSequence();
                })))
        .isEqualTo(
            XML_OPEN
                + "<value><array><data><value>VM.start</value></data></array></value>"
                + XML_CLOSE);
    assertThat(
            text(
                XmlReplies.unreadable(
                    new WireException(WireException.Kind.DOCTYPE, "no < doctype"))))
        .isEqualTo(
            "<?xml version=\"1.0\"?><methodResponse><fault><value><struct>"
                + "<member><name>faultCode</name><value><i4>-32700</i4></value></member>"
                + "<member><name>faultString</name><value>no &lt; doctype</value></member>"
                + "</struct></value></fault></methodResponse>");
  }

  @Test
  void jsonEnvelopes() {
    Reply ref = out -> out.text("R");
    List<String> error = List.of("HANDLE_INVALID", "VM", "x");
    assertThat(text(JsonReplies.success(V1, ref)))
        .isEqualTo("{\"result\":\"R\",\"error\":null,\"id\":\"a\\\"1\"}");
    assertThat(text(JsonReplies.success(V2, ref)))
        .isEqualTo("{\"jsonrpc\":\"2.0\",\"result\":\"R\",\"id\":7}");
    assertThat(text(JsonReplies.failure(V1, error)))
        .isEqualTo(
            "{\"result\":null,\"error\":[\"HANDLE_INVALID\",\"VM\",\"x\"],\"id\":\"a\\\"1\"}");
    assertThat(text(JsonReplies.failure(V2, error)))
        .isEqualTo(
            "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":1,\"message\":\"HANDLE_INVALID\","
                + "\"data\":[\"VM\",\"x\"]},\"id\":7}");
    var problem = new WireException(WireException.Kind.MALFORMED, "why");
    assertThat(text(JsonReplies.unreadable(JsonEnvelope.UNKNOWN, problem)))
        .isEqualTo(
            "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32700,\"message\":\"Parse error\","
                + "\"data\":[\"why\"]},\"id\":null}");
    assertThat(
            text(
                JsonReplies.batch(
                    List.of(JsonReplies.success(V1, ref), JsonReplies.success(V2, ref)))))
        .isEqualTo(
            "[{\"result\":\"R\",\"error\":null,\"id\":\"a\\\"1\"},"
                + "{\"jsonrpc\":\"2.0\",\"result\":\"R\",\"id\":7}]");
  }

  @Test
  void events() {
    var snapshot = new EncodedOnce(out -> out.text("s"));
    var batch =
        new EventBatch(
            List.of(
                new ChangeEvent(
                    "5", "0.0", "VM_metrics", EventOperation.MOD, "R", Optional.of(snapshot)),
                new ChangeEvent("6", "0.0", "VM", EventOperation.DEL, "Q", Optional.empty())),
            Map.of("vm", 1),
            "00000000000000000006,00000000000000000000");
    Reply reply = Reply.of(EventBatch.TYPE, batch);
    assertThat(text(JsonReplies.success(V2, reply)))
        .isEqualTo(
            "{\"jsonrpc\":\"2.0\",\"result\":{\"events\":["
                + "{\"id\":\"5\",\"timestamp\":\"0.0\",\"class\":\"vm_metrics\","
                + "\"operation\":\"mod\",\"ref\":\"R\",\"snapshot\":\"s\"},"
                + "{\"id\":\"6\",\"timestamp\":\"0.0\",\"class\":\"vm\",\"operation\":\"del\","
                + "\"ref\":\"Q\"}],\"valid_ref_counts\":{\"vm\":1},"
                + "\"token\":\"00000000000000000006,00000000000000000000\"},\"id\":7}");
    assertThat(XmlReplies.valueText(reply))
        .contains("<member><name>vm</name><value><i4>1</i4></value></member>")
        .contains("<member><name>snapshot</name><value>s</value></member>");
  }

  private static String text(Encoded reply) {
    assertThat(reply.toByteArray()).hasSize((int) reply.length());
    return new String(reply.toByteArray(), UTF_8);
  }
}
