package io.keelson.conformance.fuzz.make;

import io.keelson.conformance.surface.Message;
import io.keelson.conformance.surface.Surface;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Calls in a row that use what those before them have made. */
final class Sequences {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final JsonNode SESSION = Draw.text("@{session}");
  private static final JsonNode MADE = Draw.text("@{got:0}");
  private static final List<String> LIFE =
      List.of(
          "VM.start",
          "VM.pause",
          "VM.unpause",
          "VM.suspend",
          "VM.resume",
          "VM.clean_shutdown",
          "VM.hard_shutdown",
          "VM.clean_reboot",
          "VM.hard_reboot",
          "VM.snapshot",
          "VM.checkpoint",
          "VM.clone",
          "VM.copy",
          "VM.provision",
          "VM.get_record",
          "VM.set_VCPUs_max",
          "VM.set_memory_limits",
          "VM.set_is_a_template",
          "VM.pool_migrate",
          "VM.get_allowed_VBD_devices",
          "VM.power_state_reset",
          "VM.set_appliance",
          "VM.destroy");

  private final Surface surface;
  private final Calls calls;

  Sequences(Surface surface, Calls calls) {
    this.surface = surface;
    this.calls = calls;
  }

  List<Request> any(Dice dice) {
    return switch (dice.below(6)) {
      case 0 -> events(dice);
      case 1 -> disks(dice);
      case 2 -> tasks(dice);
      case 3 -> made(dice);
      default -> machines(dice);
    };
  }

  private Request call(Dice dice, String name, JsonNode... parameters) {
    List<JsonNode> all = new ArrayList<>(List.of(SESSION));
    all.addAll(List.of(parameters));
    return Calls.request(name, all, dice);
  }

  private ObjectNode record(String apiClass, Dice dice) {
    Draw draw = new Draw(surface, dice, true);
    ObjectNode record = NODES.objectNode();
    surface
        .constructorFields(apiClass)
        .forEach(field ->
            record.set(
                field.name(),
                Likely.field(apiClass, field.name(), dice)
                    .orElseGet(() -> draw.fitting(Surface.type(field), field.name()))));
    return record;
  }

  /** A VM goes through states, in an order that rules allow or not. */
  private List<Request> machines(Dice dice) {
    List<Request> all = new ArrayList<>();
    all.add(call(dice, "VM.create", record("VM", dice)));
    if (dice.oneIn(2)) {
      all.add(
          call(dice, "VM.start", MADE, NODES.booleanNode(dice.oneIn(4)), NODES.booleanNode(false)));
    }
    for (int i = 1 + dice.below(6); i > 0; i--) {
      all.add(onMade(dice.of(LIFE), dice));
    }
    all.add(call(dice, "VM.hard_shutdown", MADE));
    all.add(call(dice, "VM.destroy", MADE));
    return all;
  }

  private Request onMade(String name, Dice dice) {
    Draw draw = new Draw(surface, dice, false);
    List<JsonNode> parameters = new ArrayList<>(List.of(MADE));
    Optional<Message> message = surface.message(name);
    message.ifPresent(m ->
        m.parameters().stream()
            .skip(1)
            .forEach(p -> parameters.add(draw.fitting(p.type(), p.name()))));
    String called =
        dice.oneIn(3) && message.filter(Message::async).isPresent() ? "Async." + name : name;
    return call(dice, called, parameters.toArray(JsonNode[]::new));
  }

  private List<Request> disks(Dice dice) {
    List<Request> all = new ArrayList<>();
    all.add(call(dice, "VDI.create", record("VDI", dice)));
    ObjectNode drive = record("VBD", dice).put("VDI", "@{got:0}");
    all.add(call(dice, "VBD.create", drive));
    for (String name : List.of("VDI.snapshot", "VDI.clone")) {
      all.add(call(dice, name, MADE, NODES.objectNode()));
    }
    all.add(call(dice, "VDI.resize", MADE, NODES.numberNode((long) dice.below(1000) << 16)));
    all.add(call(dice, "VDI.copy", MADE, Draw.text("@{ref:SR:" + dice.below(5) + "}")));
    all.add(call(dice, "VBD.plug", Draw.text("@{got:1}")));
    all.add(call(dice, "VDI.destroy", MADE));
    return all;
  }

  private List<Request> events(Dice dice) {
    JsonNode classes = NODES.arrayNode().add(dice.of(List.of("*", "task", "VM", "vm", "x")));
    return List.of(
        call(dice, "event.register", classes),
        call(dice, "task.create", Draw.text("fuzz"), Draw.text("")),
        call(dice, "event.next"),
        call(dice, "event.get_current_id"),
        call(dice, "event.from", classes, Draw.text(""), NODES.numberNode(0.05)),
        call(dice, "event.unregister", classes),
        call(dice, "task.destroy", Draw.text("@{got:1}")));
  }

  private List<Request> tasks(Dice dice) {
    return List.of(
        onMade("VM.get_record", dice),
        call(
            dice,
            "Async.VM.clone",
            Draw.text("@{ref:VM:" + dice.below(40) + "}"),
            Draw.text("fuzz")),
        call(dice, "task.get_record", Draw.text("@{got:1}")),
        call(dice, "task.cancel", Draw.text("@{got:1}")),
        call(dice, "task.get_record", Draw.text("@{got:1}")),
        call(dice, "task.destroy", Draw.text("@{got:1}")));
  }

  /** Something of any class that clients make, all that can be called of it, and its end. */
  private List<Request> made(Dice dice) {
    List<Message> makers =
        surface.messages().stream()
            .filter(m ->
                m.name().equals("create") && surface.message(m.apiClass() + ".destroy").isPresent())
            .toList();
    String apiClass = dice.of(makers).apiClass();
    List<Request> all = new ArrayList<>();
    all.add(calls.of(surface.message(apiClass + ".create").orElseThrow(), dice));
    List<Message> its =
        surface.messages().stream()
            .filter(m -> m.apiClass().equals(apiClass) && !m.removed() && m.reference().isPresent())
            .filter(m -> !Avoided.inEarnest(m.wireName()))
            .toList();
    for (int i = 2 + dice.below(8); i > 0; i--) {
      all.add(onMade(dice.of(its).wireName(), dice));
    }
    all.add(call(dice, apiClass + ".destroy", MADE));
    return all;
  }
}
