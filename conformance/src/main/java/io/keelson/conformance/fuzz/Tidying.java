package io.keelson.conformance.fuzz;

import static io.keelson.conformance.rpc.Values.text;

import io.keelson.conformance.rpc.Session;
import io.keelson.conformance.surface.Surface;
import io.keelson.model.FieldFacts;
import io.keelson.model.TypeExpression;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Takes away what requests have made, and turns on again what they have turned off. */
final class Tidying {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int LONG = 2000;

  /** What is taken away, in an order in which nothing is in the way of what comes before it. */
  private static final List<String> MADE =
      List.of(
          "message",
          "VBD",
          "VIF",
          "VGPU",
          "VTPM",
          "VM",
          "VMPP",
          "VM_appliance",
          "DR_task",
          "crashdump",
          "pool_patch",
          "VDI",
          "PBD",
          "SR",
          "blob",
          "secret",
          "subject",
          "VLAN",
          "tunnel",
          "Bond",
          "PIF",
          "network",
          "GPU_group",
          "user",
          "task");

  private final Surface surface;
  private final Live live;
  private final Session session;

  Tidying(Surface surface, Live live, Session session) {
    this.surface = surface;
    this.live = live;
    this.session = session;
  }

  /**
   * Leaves so many objects of each class of what was made.
   *
   * @param left of each class
   */
  void run(int left) {
    restore();
    for (String apiClass : MADE) {
      List<String> made =
          session.texts(apiClass + ".get_all").stream().filter(r -> !live.isGiven(r)).toList();
      made.stream().limit(Math.max(0, made.size() - left)).forEach(r -> remove(apiClass, r));
    }
    live.refresh(session);
  }

  private void remove(String apiClass, String reference) {
    JsonNode ref = text(reference);
    switch (apiClass) {
      case "VM" -> {
        session.answer("VM.set_blocked_operations", ref, NODES.objectNode());
        session.answer("VM.hard_shutdown", ref);
        session.answer("VM.destroy", ref);
      }
      case "VBD", "VIF" -> {
        session.answer(apiClass + ".unplug_force", ref);
        session.answer(apiClass + ".destroy", ref);
      }
      case "PBD" -> {
        session.answer("PBD.unplug", ref);
        session.answer("PBD.destroy", ref);
      }
      case "SR" -> {
        session.texts("SR.get_PBDs", ref).forEach(p -> session.answer("PBD.unplug", text(p)));
        session.answer("SR.forget", ref);
      }
      case "PIF" -> session.answer("PIF.forget", ref);
      default -> session.answer(apiClass + ".destroy", ref);
    }
  }

  /** Everything may run again that ran before. */
  private void restore() {
    session
        .texts("pool.get_all")
        .forEach(p -> {
          if (session
              .value("pool.get_ha_enabled", text(p))
              .filter(JsonNode::asBoolean)
              .isPresent()) {
            session.answer("pool.disable_ha");
          }
        });
    for (String host : session.texts("host.get_all")) {
      session.answer("host.enable", text(host));
    }
    for (String pbd : session.texts("PBD.get_all")) {
      if (live.isGiven(pbd)) {
        session.answer("PBD.plug", text(pbd));
      }
    }
    for (String apiClass : live.classes()) {
      session
          .value(apiClass + ".get_all_records")
          .ifPresent(all ->
              all.properties().stream()
                  .filter(e -> live.isGiven(e.getKey()))
                  .forEach(e -> shorten(apiClass, e)));
    }
  }

  /** Empties long texts, sets and maps of what was there before. */
  private void shorten(String apiClass, Map.Entry<String, JsonNode> object) {
    for (FieldFacts field : surface.fields(apiClass)) {
      JsonNode value = object.getValue().path(field.name());
      if (field.access().equals("read/write") && value.toString().length() > LONG) {
        JsonNode nothing =
            switch (Surface.type(field)) {
              case TypeExpression.SetOf _ -> NODES.arrayNode();
              case TypeExpression.MapOf _ -> NODES.objectNode();
              case TypeExpression.Simple _, TypeExpression.Reference _ -> text("");
              case TypeExpression.Enumeration _, TypeExpression.RecordOf _ -> text("");
            };
        session.answer(apiClass + ".set_" + field.name(), text(object.getKey()), nothing);
      }
    }
  }
}
