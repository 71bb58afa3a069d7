package io.keelson.api;

import io.keelson.api.model.EventOperation;
import java.util.Locale;
import java.util.Optional;

/**
 * That an object was made, changed or destroyed.
 *
 * @param id number of the change, as text
 * @param timestamp seconds since the epoch as text; "0.0" in answers of event.from
 * @param apiClass the object's class
 * @param ref the object's reference, as text since the object may be gone
 * @param snapshot the object's record; empty when it was destroyed
 */
public record ChangeEvent(
    String id,
    String timestamp,
    String apiClass,
    EventOperation operation,
    String ref,
    Optional<EncodedOnce> snapshot) {

  void write(ValueSink out) {
    out.beginStructure();
    out.member("id");
    out.text(id);
    out.member("timestamp");
    out.text(timestamp);
    out.member("class");
    out.text(apiClass.toLowerCase(Locale.ROOT));
    out.member("operation");
    out.text(operation.text());
    out.member("ref");
    out.text(ref);
    snapshot.ifPresent(s -> {
      out.member("snapshot");
      out.shared(s);
    });
    out.endStructure();
  }
}
