package io.keelson.reference.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.conformance.rpc.Format;
import org.junit.jupiter.api.Test;

/** Bodies are shown with as few lines as fit. */
class PrintTest {
  private static final String LONG = "x".repeat(60);

  @Test
  void jsonThatFitsIsOnOneLine() {
    assertThat(Examples.printed(Format.JSON_RPC, "{\"id\":7,\"params\":[1,true,null]}"))
        .isEqualTo("{\"id\": 7, \"params\": [1, true, null]}");
  }

  @Test
  void jsonThatDoesNotFitGoesOnMoreLines() {
    assertThat(
            Examples.printed(
                Format.JSON_RPC, "{\"a\":\"" + LONG + "\",\"b\":[\"" + LONG + "\",{}]}"))
        .isEqualTo(
            """
            {
              "a": "%s",
              "b": ["%s", {}]
            }\
            """
                .formatted(LONG, LONG));
  }

  @Test
  void xmlHasAnElementALine() {
    assertThat(
            Examples.printed(
                Format.XML_RPC,
                "<methodCall><methodName>VM.get_all</methodName><params><param><value>a &amp; b"
                    + "</value></param><!-- cut --></params></methodCall>"))
        .isEqualTo(
            """
            <?xml version="1.0"?>
            <methodCall>
              <methodName>VM.get_all</methodName>
              <params><param><value>a &amp; b</value></param><!-- cut --></params>
            </methodCall>\
            """);
  }
}
