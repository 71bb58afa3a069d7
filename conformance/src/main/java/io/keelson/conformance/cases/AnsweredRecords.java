package io.keelson.conformance.cases;

import io.keelson.conformance.report.Subject;
import io.keelson.conformance.report.Subject.Kind;
import io.keelson.conformance.report.Tally;
import io.keelson.conformance.rpc.Format;
import io.keelson.conformance.surface.Shape;
import io.keelson.conformance.surface.Surface;
import io.keelson.model.FieldFacts;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Records of classes that have no objects, and come only in what messages answer with. */
final class AnsweredRecords {
  private final Surface surface;
  private final Tally tally;

  AnsweredRecords(Surface surface, Tally tally) {
    this.surface = surface;
    this.tally = tally;
  }

  /** Measures their fields, if the message is one that answers with such records. */
  void see(String method, JsonNode value, Format format) {
    if (method.endsWith(".get_data_sources")) {
      value.forEach(record -> fields("data_source", record, format));
    } else if (method.equals("event.from")) {
      value.path("events").forEach(record -> fields("event", record, format));
    } else if (method.equals("event.next")) {
      value.forEach(record -> fields("event", record, format));
    }
  }

  private void fields(String apiClass, JsonNode record, Format format) {
    Shape shape = new Shape(surface, format);
    for (FieldFacts field : surface.fields(apiClass)) {
      Subject subject = Subject.of(Kind.FIELD, apiClass + "." + field.name());
      if (tally.expects(subject) && record.has(field.name())) {
        Optional<String> objection =
            apiClass.equals("event")
                ? Optional.empty() // clients know its numbers as texts
                : shape.objection(Surface.type(field), record.path(field.name()));
        tally.seen(subject, objection);
      }
    }
  }
}
