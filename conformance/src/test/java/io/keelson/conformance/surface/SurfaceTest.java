package io.keelson.conformance.surface;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.conformance.rpc.Format;
import io.keelson.model.Model;
import io.keelson.model.TypeExpression;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What must be there follows from the model, all of it. */
class SurfaceTest {
  private final Surface surface = new Surface(Model.load());

  @Test
  void namesAreThoseOfTheModel() {
    assertThat(surface.messages()).hasSize(1431);
    assertThat(surface.messages()).filteredOn(Message::implicit).hasSize(1037);
    assertThat(surface.message("VBD.create")).get().extracting(Message::implicit).isEqualTo(false);
    assertThat(surface.message("VM.add_to_other_config")).isPresent();
    assertThat(surface.message("VM.add_tags")).isPresent();
    assertThat(surface.message("VM.set_power_state")).isEmpty();
  }

  @Test
  void rolesFollowFromFields() {
    assertThat(surface.message("VM.get_uuid").orElseThrow().least()).contains(Role.READ_ONLY);
    assertThat(surface.message("secret.get_value").orElseThrow().least())
        .contains(Role.POOL_OPERATOR);
    assertThat(surface.message("session.change_password").orElseThrow().least()).isEmpty();
  }

  @Test
  void valuesHaveTheShapeOfTheirFormat() {
    TypeExpression whole = new TypeExpression.Simple("int");
    assertThat(new Shape(surface, Format.JSON_RPC).objection(whole, json("12"))).isEmpty();
    assertThat(new Shape(surface, Format.JSON_RPC).objection(whole, json("\"12\""))).isPresent();
    assertThat(new Shape(surface, Format.XML_RPC).objection(whole, json("\"12\""))).isEmpty();
    assertThat(new Shape(surface, Format.XML_RPC).objection(whole, json("12"))).isPresent();
    TypeExpression state = new TypeExpression.Enumeration("vm_power_state");
    assertThat(new Shape(surface, Format.JSON_RPC).objection(state, json("\"Halted\""))).isEmpty();
    assertThat(new Shape(surface, Format.JSON_RPC).objection(state, json("\"halted\"")))
        .isPresent();
  }

  private static JsonNode json(String text) {
    return new JsonMapper().readTree(text);
  }
}
