package io.keelson.testkit.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.wire.Answer;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import io.keelson.testkit.wire.Values;
import io.keelson.testkit.wire.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** All 1,431 names of the API are there, each with its number of parameters. */
@RunsOn(hosts = 1, shared = false)
class AllNamesTest {
  /** What the sets of this phase's messages are made of; the rest may say that it comes later. */
  private static final Set<String> TO_BE_DONE =
      Set.of(
          "VM.create",
          "VM.clone",
          "VM.copy",
          "VM.provision",
          "VM.destroy",
          "VM.start",
          "VM.start_on",
          "VM.pause",
          "VM.unpause",
          "VM.clean_shutdown",
          "VM.hard_shutdown",
          "VM.shutdown",
          "VM.clean_reboot",
          "VM.hard_reboot",
          "VM.suspend",
          "VM.resume",
          "VM.snapshot",
          "VM.revert",
          "VM.power_state_reset",
          "VM.set_memory_limits",
          "VM.set_memory_dynamic_range",
          "VM.set_memory_static_range",
          "VM.set_VCPUs_max",
          "VM.set_VCPUs_at_startup",
          "VM.set_VCPUs_number_live",
          "VDI.create",
          "VDI.destroy",
          "VDI.resize",
          "VDI.clone",
          "VDI.snapshot",
          "VBD.create",
          "VBD.plug",
          "VBD.unplug",
          "VBD.insert",
          "VBD.eject",
          "VIF.create",
          "VIF.plug",
          "VIF.unplug",
          "event.from",
          "event.register",
          "event.next",
          "event.unregister",
          "event.inject",
          "event.get_current_id",
          "task.create",
          "task.cancel",
          "task.destroy",
          "SR.create",
          "SR.scan",
          "SR.destroy",
          "SR.forget",
          "PBD.plug",
          "PBD.unplug",
          "network.create",
          "network.destroy",
          "host.enable",
          "host.disable");

  private static final Set<String> AS_EXPECTED =
      Set.of(
          "MESSAGE_PARAMETER_COUNT_MISMATCH",
          "MESSAGE_REMOVED",
          "SESSION_INVALID",
          "SESSION_AUTHENTICATION_FAILED",
          "FIELD_TYPE_ERROR",
          "INVALID_VALUE");

  private final ServerBox box;

  AllNamesTest(ServerBox box) {
    this.box = box;
  }

  @Test
  void allNamesAreListedAndNoneAsynchronous() throws IOException {
    for (Format format : Format.values()) {
      assertThat(listed(format)).containsAll(names().keySet());
      Set<String> more = new TreeSet<>(listed(format));
      more.removeAll(names().keySet());
      assertThat(more).allMatch(name -> name.startsWith("system."));
    }
  }

  @Test
  void eachNameIsKnownWithItsNumberOfParameters() throws IOException {
    List<String> wrong = new ArrayList<>();
    Wire wire = box.wire(Format.JSON_RPC);
    for (Map.Entry<String, Integer> name : names().entrySet()) {
      wrongly(wire, name.getKey(), name.getValue())
          .ifPresent(how -> wrong.add(name.getKey() + ": " + how));
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void whatThisPhaseIsForIsThere() throws IOException {
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, Integer> name : names().entrySet()) {
      if (TO_BE_DONE.contains(name.getKey())) {
        try (Api api = box.login(Format.JSON_RPC)) {
          if (answersNotImplemented(api, name.getKey(), name.getValue())) {
            missing.add(name.getKey());
          }
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  /**
   * Far too many parameters: they are counted before anything else happens, except where some may
   * be left off.
   */
  private static Optional<String> wrongly(Wire wire, String name, int parameters) {
    List<JsonNode> many = Collections.nCopies(parameters + 40, Values.text("x"));
    return switch (wire.call(name, many)) {
      case Answer.Success(JsonNode value) -> Optional.of("answers " + value);
      case Answer.Failure(List<String> why) ->
          AS_EXPECTED.contains(why.getFirst()) ? Optional.empty() : Optional.of(why.toString());
    };
  }

  /** Dead references and texts that mean nothing: enough to reach what does the work. */
  private static boolean answersNotImplemented(Api api, String name, int parameters) {
    JsonNode[] dead = Collections.nCopies(parameters, Values.text("x")).toArray(JsonNode[]::new);
    return api.answer(name, dead) instanceof Answer.Failure(List<String> why)
        && why.getFirst().equals("NOT_IMPLEMENTED");
  }

  private List<String> listed(Format format) {
    return switch (box.wire(format).call("system.listMethods", List.of())) {
      case Answer.Success(JsonNode value) -> Values.strings(value);
      case Answer.Failure(List<String> why) -> throw new IllegalStateException(why.toString());
    };
  }

  private static Map<String, Integer> names() throws IOException {
    try (InputStream file =
        Optional.ofNullable(AllNamesTest.class.getResourceAsStream("names.txt")).orElseThrow()) {
      Map<String, Integer> names = new TreeMap<>();
      new String(file.readAllBytes(), UTF_8)
          .lines()
          .map(line -> line.split(" "))
          .forEach(pair -> names.put(pair[0], Integer.parseInt(pair[1])));
      assertThat(names).hasSize(1431);
      return names;
    }
  }
}
