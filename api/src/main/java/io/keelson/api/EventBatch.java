package io.keelson.api;

import java.util.List;
import java.util.Map;

/**
 * What event.from answers.
 *
 * @param events one for each object that changed
 * @param validRefCounts how many objects each class has, by its name in lower case
 * @param token to ask with next time
 */
public record EventBatch(
    List<ChangeEvent> events, Map<String, Integer> validRefCounts, String token) {
  public static final Type<EventBatch> TYPE = new Type.Outgoing<>(EventBatch::write);

  private static void write(EventBatch batch, ValueSink out) {
    out.beginStructure();
    out.member("events");
    out.beginSequence();
    batch.events.forEach(e -> e.write(out));
    out.endSequence();
    out.member("valid_ref_counts");
    out.beginStructure();
    batch.validRefCounts.forEach((name, count) -> {
      out.member(name);
      out.count(count);
    });
    out.endStructure();
    out.member("token");
    out.text(batch.token);
    out.endStructure();
  }
}
