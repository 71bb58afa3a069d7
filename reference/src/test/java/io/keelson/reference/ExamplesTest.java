package io.keelson.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.conformance.recording.Example;
import io.keelson.conformance.rpc.Answer;
import io.keelson.conformance.rpc.Format;
import io.keelson.conformance.rpc.XmlText;
import io.keelson.conformance.surface.Message;
import io.keelson.conformance.surface.Shape;
import io.keelson.conformance.surface.Surface;
import io.keelson.model.ErrorFacts;
import io.keelson.model.Model;
import io.keelson.model.TypeExpression;
import io.keelson.reference.examples.Examples;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The recorded examples are of the form that the model says, and tell nothing that is private. */
class ExamplesTest {
  private static final String ASYNC = "Async.";

  /** How many there are; to be raised when the suite has come to call more. */
  private static final int SUCCESSES = 380;

  private final Model model = Model.load();
  private final Surface surface = new Surface(model);
  private final List<Example> examples = Examples.load(model).all();
  private final Map<String, ErrorFacts> errors =
      model.errors().stream().collect(Collectors.toMap(ErrorFacts::wireText, Function.identity()));

  @Test
  void everyMessageThatIsThereHasOne() {
    List<String> names = examples.stream().map(Example::message).toList();

    assertThat(surface.messages())
        .filteredOn(m -> !m.implicit() && !m.removed())
        .extracting(Message::wireName)
        .allSatisfy(name -> assertThat(names).contains(name));
    assertThat(examples)
        .filteredOn(e -> e.success() && isExplicit(e))
        .hasSizeGreaterThanOrEqualTo(SUCCESSES);
    assertThat(examples)
        .filteredOn(Example::success)
        .filteredOn(e -> e.pairs().size() < Format.values().length)
        .as("in one format only: what a run can do once")
        .hasSizeLessThanOrEqualTo(30);
  }

  private boolean isExplicit(Example example) {
    return surface.message(example.message()).filter(m -> !m.implicit()).isPresent();
  }

  @Test
  void requestsAreForTheirMessages() {
    JsonMapper json = new JsonMapper();
    for (Example example : examples) {
      Message message = message(example);
      example
          .pairs()
          .forEach((format, pair) -> {
            int given =
                switch (format) {
                  case JSON_RPC -> {
                    JsonNode request = json.readTree(pair.request());
                    assertThat(request.path("method").asString()).isEqualTo(example.message());
                    assertThat(example.success() ? parameters(message, request) : List.of())
                        .as(example.message())
                        .isEmpty();
                    yield request.path("params").size();
                  }
                  case XML_RPC -> {
                    List<Element> request = XmlText.elements(XmlText.read(pair.request()));
                    assertThat(request.getFirst().getTextContent()).isEqualTo(example.message());
                    yield XmlText.elements(request.getLast()).size();
                  }
                };
            int session = message.session() ? 1 : 0;
            if (example.success()) {
              assertThat(given - session)
                  .as(example.message())
                  .isBetween(message.mandatory(), message.parameters().size());
            }
          });
    }
  }

  private List<String> parameters(Message message, JsonNode request) {
    CutValue value = new CutValue(surface, new Shape(surface, Format.JSON_RPC));
    int first = message.session() ? 1 : 0;
    JsonNode given = request.path("params");
    return IntStream.range(first, given.size())
        .mapToObj(i -> value.objection(message.parameters().get(i - first).type(), given.get(i)))
        .flatMap(Optional::stream)
        .toList();
  }

  @Test
  void repliesAreWhatMessagesAnswerWith() {
    List<String> wrong = new ArrayList<>();
    for (Example example : examples) {
      example
          .pairs()
          .forEach((format, pair) ->
              objection(example, format, format.answer(pair.reply()))
                  .ifPresent(why -> wrong.add(example.message() + ": " + why)));
    }
    assertThat(wrong).isEmpty();
  }

  private Optional<String> objection(Example example, Format format, Answer answer) {
    return switch (answer) {
      case Answer.Success(JsonNode result) when example.success() -> {
        Message message = message(example);
        TypeExpression type =
            example.message().startsWith(ASYNC)
                ? new TypeExpression.Reference("task")
                : message.result();
        CutValue value = new CutValue(surface, new Shape(surface, format));
        yield message.ownShape() ? Optional.empty() : value.objection(type, result);
      }
      case Answer.Failure failure when !example.success() -> {
        Optional<ErrorFacts> error = Optional.ofNullable(errors.get(failure.code()));
        yield error.isPresent()
            ? Optional.empty()
            : Optional.of("no error of the model: " + failure.code());
      }
      case Answer.Success _, Answer.Failure _, Answer.Garbled _ -> Optional.of(answer.told());
    };
  }

  @Test
  void nothingPrivateIsInThem() {
    for (Example example : examples) {
      example
          .pairs()
          .values()
          .forEach(pair ->
              assertThat(pair.request() + pair.reply())
                  .doesNotContain("127.0.0.1", "/tmp/", "/home/", "keelson-conformance")
                  .doesNotContainPattern("OpaqueRef:[0-9a-f]{8}-"));
    }
  }

  private Message message(Example example) {
    String name = example.message();
    return surface
        .message(name.startsWith(ASYNC) ? name.substring(ASYNC.length()) : name)
        .orElseThrow();
  }
}
