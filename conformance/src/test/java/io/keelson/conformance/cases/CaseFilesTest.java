package io.keelson.conformance.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.conformance.surface.Message;
import io.keelson.conformance.surface.Surface;
import io.keelson.model.Model;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files of cases fit the model, and what they expect means what it says. */
class CaseFilesTest {
  /** Called on purpose, to see that they are unknown. */
  private static final Set<String> UNKNOWN =
      Set.of(
          "VM.fly",
          "vm.get_all",
          "VM_get_all",
          "VM.set_power_state",
          "VM.set_domid",
          "system.listMethods");

  private final Surface surface = new Surface(Model.load());

  @Test
  void casesHaveNamesOfTheirOwnAndCallWhatTheModelHas() {
    List<Case> cases = CaseFiles.cases();
    assertThat(cases).extracting(Case::name).doesNotHaveDuplicates().hasSizeGreaterThan(90);
    assertThat(cases.stream().flatMap(c -> c.messages().stream()))
        .allMatch(name -> UNKNOWN.contains(name) || surface.message(name).isPresent());
  }

  /** The 67th is what a member of a pool says to those who log in to it, and is told of. */
  @Test
  void everyNumberOfTheContractHasItsCase() {
    assertThat(CaseFiles.cases().stream().flatMap(c -> c.contract().stream()).distinct().sorted())
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 68).filter(n -> n != 67).boxed().toList());
    assertThat(CaseFiles.cannotArise().values().stream().flatMap(List::stream))
        .contains("session.login_with_password HOST_IS_SLAVE");
  }

  @Test
  void reasonsAreOfMessagesAndOfErrorsThatTheModelLists() {
    Set<String> known =
        surface.messages().stream()
            .flatMap(m ->
                Stream.concat(
                    Stream.of(m.wireName()), m.errors().stream().map(e -> m.wireName() + " " + e)))
            .collect(Collectors.toSet());
    known.addAll(surface.fieldsInNoRecord());
    List<String> reasoned =
        CaseFiles.cannotArise().values().stream().flatMap(List::stream).toList();
    assertThat(known).containsAll(reasoned);
    assertThat(reasoned).doesNotHaveDuplicates();
    assertThat(surface.messages()).extracting(Message::wireName).doesNotHaveDuplicates();
  }

  /** A reason that a case contradicts would be a lie. */
  @Test
  void whatCannotAriseIsNotExpectedByAnyCase() {
    Set<String> expected =
        CaseFiles.cases().stream()
            .flatMap(c -> c.steps().stream())
            .filter(step -> step.has("error") && step.method().isPresent())
            .map(step ->
                step.method().orElseThrow() + " " + step.yaml().path("error").path(0).asString())
            .collect(Collectors.toSet());
    assertThat(CaseFiles.cannotArise().values())
        .allSatisfy(names -> assertThat(expected).doesNotContainAnyElementsOf(names));
  }

  @Test
  void errorsAreComparedWordByWord() {
    List<String> error = List.of("VM_BAD_POWER_STATE", "ref", "halted", "running");
    assertThat(Expectation.isError(json("['VM_BAD_POWER_STATE','ref','halted','running']"), error))
        .isTrue();
    assertThat(Expectation.isError(json("['VM_BAD_POWER_STATE','_','halted','_']"), error))
        .isTrue();
    assertThat(Expectation.isError(json("['VM_BAD_POWER_STATE','...']"), error)).isTrue();
    assertThat(Expectation.isError(json("['VM_BAD_POWER_STATE','ref']"), error)).isFalse();
    assertThat(Expectation.isError(json("['VM_BAD_POWER_STATE','_','halted','_','_']"), error))
        .isFalse();
    assertThat(Expectation.isError(json("['OTHER','...']"), error)).isFalse();
  }

  @Test
  void setsAreTheSameInAnyOrderAndWholeNumbersInEitherFormat() {
    assertThat(Expectation.same(json("['a','b']"), json("['b','a']"))).isTrue();
    assertThat(Expectation.same(json("['a','b']"), json("['a']"))).isFalse();
    assertThat(Expectation.same(json("3"), json("'3'"))).isTrue();
    assertThat(Expectation.same(json("true"), json("'true'"))).isFalse();
  }

  private static JsonNode json(String text) {
    return new JsonMapper().readTree(text.replace('\'', '"'));
  }
}
