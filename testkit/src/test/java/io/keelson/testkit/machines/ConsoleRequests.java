package io.keelson.testkit.machines;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.RawHttp;
import java.io.IOException;
import java.net.URI;
import tools.jackson.databind.JsonNode;

/** What a client asks to get at a console. */
record ConsoleRequests(ServerBox box, Api api) {

  /** The console of a VM that speaks this protocol. */
  JsonNode console(JsonNode vm, String protocol) {
    for (JsonNode console : api.call("VM.get_consoles", vm)) {
      if (api.read("console.get_protocol", console).equals(protocol)) {
        return console;
      }
    }
    throw new AssertionError("no console speaks " + protocol);
  }

  /** The request for a console, named {@code ref=...} or {@code uuid=...}. */
  String connect(String name) {
    return "CONNECT /console?" + name + "&session_id=" + session() + " HTTP/1.0\r\n\r\n";
  }

  /** Where a browser asks for a console. */
  URI webSocket(URI server, JsonNode console) {
    return URI.create(
        server.toString().replaceFirst("^http", "ws").replaceFirst("/$", "")
            + "/console?ref="
            + console.asString()
            + "&session_id="
            + session());
  }

  /** What a screen shows. */
  RawHttp.Response snapshot(String name) throws IOException {
    try (RawHttp http = new RawHttp(box.api())) {
      String path = "/vncsnapshot?" + name + "&session_id=" + session();
      return http.send("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n").response();
    }
  }

  /** The status that a request is answered with. */
  int status(String request) throws IOException {
    try (RawHttp http = new RawHttp(box.api())) {
      return http.send(request).response().status();
    }
  }

  private String session() {
    return api.session().asString();
  }
}
