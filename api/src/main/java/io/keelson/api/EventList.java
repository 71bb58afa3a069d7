package io.keelson.api;

import java.util.List;

/** What event.next answers: events in the order they happened. */
public record EventList(List<ChangeEvent> events) {
  public static final Type<EventList> TYPE =
      new Type.Outgoing<>((list, out) -> {
        out.beginSequence();
        list.events.forEach(e -> e.write(out));
        out.endSequence();
      });
}
