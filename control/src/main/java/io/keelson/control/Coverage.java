package io.keelson.control;

import io.keelson.api.ApiModel;
import io.keelson.api.MessageSpec;
import io.keelson.control.gate.Routes;
import java.util.List;

/**
 * How much of the API is there.
 *
 * @param classes with their fields; all are there, since they are generated
 * @param fields that clients see
 * @param implicit messages that follow from the fields; all are there too
 * @param handled messages of the model that something handles
 * @param missing messages of the model that answer NOT_IMPLEMENTED
 */
public record Coverage(
    int classes, int fields, int implicit, List<String> handled, List<String> missing) {

  static Coverage of(Routes routes) {
    List<MessageSpec> current =
        ApiModel.MESSAGES.stream()
            .filter(m -> m.status() != MessageSpec.Status.REMOVED || routes.handles(m))
            .toList();
    return new Coverage(
        ApiModel.CLASSES.size(),
        ApiModel.CLASSES.stream().mapToInt(c -> c.visibleFields().size()).sum(),
        routes.names().size() - ApiModel.MESSAGES.size(),
        current.stream().filter(routes::handles).map(MessageSpec::wireName).sorted().toList(),
        current.stream()
            .filter(m -> !routes.handles(m))
            .map(MessageSpec::wireName)
            .sorted()
            .toList());
  }

  /** For people: figures first, then what is missing, a line each. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append("classes            %5d of %d%n".formatted(classes, classes));
    text.append("fields             %5d of %d%n".formatted(fields, fields));
    text.append("implicit messages  %5d of %d%n".formatted(implicit, implicit));
    text.append(
        "explicit messages  %5d of %d%n"
            .formatted(handled.size(), handled.size() + missing.size()));
    if (!missing.isEmpty()) {
      text.append("%nmissing:%n".formatted());
      missing.forEach(m -> text.append("  ").append(m).append(System.lineSeparator()));
    }
    return text.toString();
  }
}
