package io.keelson.control.event;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiRecord;
import io.keelson.api.Call;
import io.keelson.api.ChangeEvent;
import io.keelson.api.EventBatch;
import io.keelson.api.EventList;
import io.keelson.api.Ref;
import io.keelson.api.messages.EventMessages;
import io.keelson.api.model.Session;
import io.keelson.control.ObjectClasses;
import io.keelson.control.session.Pauses;
import io.keelson.control.session.Sessions;
import io.keelson.store.EventFeed;
import io.keelson.store.EventToken;
import io.keelson.store.ObjectId;
import io.keelson.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Telling clients what changed: by token, and by the older registration of a session. */
final class EventsHandler implements EventMessages {
  private static final Duration LONGEST = Duration.ofHours(24);

  private final Store store;
  private final Sessions sessions;
  private final Clock clock;
  private final Pace pace;
  private final Registrations registrations;

  EventsHandler(
      Store store, Sessions sessions, Clock clock, Pace pace, Registrations registrations) {
    this.store = store;
    this.sessions = sessions;
    this.clock = clock;
    this.pace = pace;
    this.registrations = registrations;
  }

  @Override
  public EventBatch from(Call call, List<String> classes, String token, double timeout) {
    Subscription wanted = Subscription.parse(classes);
    EventToken after = TokenText.parse(token);
    EventFeed.Batch batch = await(call.session(), wanted, after, patience(timeout));
    List<ChangeEvent> events =
        batch.changes().stream().map(c -> EventRecords.of(c, "0.0")).toList();
    return new EventBatch(
        events, EventRecords.counts(batch.snapshot()), TokenText.of(batch.token()));
  }

  @Override
  public void register(Call call, List<String> classes) {
    registrations.add(call.session(), classes, store.events().now());
  }

  @Override
  public void unregister(Call call, List<String> classes) {
    registrations.remove(call.session(), classes);
  }

  /**
   * Waits for ever, or until the session ends. A client that goes away interrupts the call, which
   * then answers nobody.
   */
  @Override
  public EventList next(Call call) {
    Registrations.Registration registration = registrations.require(call.session());
    EventFeed.Batch batch;
    do {
      EventToken from = registration.position();
      try {
        batch = await(call.session(), registration.wanted(), from, LONGEST);
      } catch (ApiError lost) {
        registration.move(from, store.events().now());
        throw lost;
      }
      registration.move(from, batch.token());
    } while (batch.changes().isEmpty() && !Thread.currentThread().isInterrupted());
    String now = "%d.0".formatted(clock.instant().getEpochSecond());
    return new EventList(batch.changes().stream().map(c -> EventRecords.of(c, now)).toList());
  }

  @Override
  public long getCurrentId(Call call) {
    return store.events().now().generation() + 1;
  }

  @Override
  public String inject(Call call, String class_, String ref) {
    ApiClass<?> apiClass =
        ObjectClasses.ALL.stream()
            .filter(c -> c.name().equalsIgnoreCase(class_))
            .findFirst()
            .orElseThrow(() -> ApiErrors.handleInvalid(class_, ref));
    return inject(apiClass, ref);
  }

  /** The token lies before the change it makes, so that event.from is sure to tell of it. */
  private <R extends ApiRecord> String inject(ApiClass<R> apiClass, String ref) {
    long overlay = store.events().now().overlay();
    long generation =
        store.transact(tx -> {
          tx.touch(apiClass, Ref.of(ref));
          return tx.generation();
        });
    return TokenText.of(new EventToken(Math.max(0, generation - 1), overlay));
  }

  private EventFeed.Batch await(
      Ref<Session> session, Predicate<ObjectId<?>> wanted, EventToken after, Duration patience) {
    Predicate<ObjectId<?>> told = id -> id.apiClass().has(ApiClass.Trait.EVENTS) && wanted.test(id);
    EventFeed.Batch batch =
        store.events().await(told, after, patience, () -> !sessions.isLive(session));
    Duration gather = batch.changes().isEmpty() ? Duration.ZERO : pace.gather(session);
    if (!gather.isZero()) {
      Pauses.REAL.pause(gather);
      batch = store.events().await(told, after, Duration.ZERO, () -> !sessions.isLive(session));
    }
    if (!sessions.isLive(session)) {
      throw ApiErrors.sessionInvalid(session.text());
    }
    pace.told(session);
    return batch;
  }

  /** What is no sensible time means a day, as does anything longer. */
  private static Duration patience(double seconds) {
    return Optional.of(seconds)
        .filter(s -> s >= 0 && s < LONGEST.toSeconds())
        .map(s -> Duration.ofMillis(Math.round(s * 1000)))
        .orElse(LONGEST);
  }
}
