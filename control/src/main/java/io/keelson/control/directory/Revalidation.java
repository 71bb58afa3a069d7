package io.keelson.control.directory;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Session;
import io.keelson.control.session.ExternalUsers.Answer;
import io.keelson.control.session.ExternalUsers.Known;
import io.keelson.control.session.ExternalUsers.NotAdmitted;
import io.keelson.control.session.ExternalUsers.Wrong;
import io.keelson.control.session.Sessions;
import io.keelson.host.Directory;
import io.keelson.host.DirectoryEntry;
import io.keelson.host.DirectoryException;
import io.keelson.store.Row;
import io.keelson.store.Store;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the users of open sessions again and again. A session ends when its user is gone from
 * the directory, is not in good standing any more, or has left a group that admitted it; and when
 * the directory has not confirmed the user for too long.
 */
final class Revalidation {
  private static final Logger LOG = LoggerFactory.getLogger(Revalidation.class);

  private final Store store;
  private final Clock clock;
  private final Sessions sessions;
  private final CurrentDirectory current;
  private final Admissions admissions;

  Revalidation(
      Store store,
      Clock clock,
      Sessions sessions,
      CurrentDirectory current,
      Admissions admissions) {
    this.store = store;
    this.clock = clock;
    this.sessions = sessions;
    this.current = current;
    this.admissions = admissions;
  }

  /** Looks at the users whose turn it is. */
  void run() {
    Optional<AuthSettings> settings = current.settings();
    if (settings.isEmpty()) {
      return;
    }
    Instant due = clock.instant().minus(settings.get().interval());
    Map<String, List<Row<Session>>> byUser =
        store
            .snapshot()
            .rows(ApiModel.SESSION)
            .filter(row -> !row.record().authUserSid().isEmpty())
            .filter(row -> !row.record().validationTime().isAfter(due))
            .collect(
                Collectors.groupingBy(
                    row -> row.record().authUserSid(), LinkedHashMap::new, Collectors.toList()));
    byUser.forEach((user, open) -> look(settings.get(), user, open));
  }

  private void look(AuthSettings settings, String user, List<Row<Session>> open) {
    try {
      switch (answer(user)) {
        case Known(var identity) -> {
          Set<String> admitting = Set.copyOf(identity.admittedBy());
          end(
              open.stream().filter(s -> !admitting.containsAll(s.record().admittedBy())).toList(),
              "a group that admitted it no longer does");
          confirm(
              open.stream().filter(s -> admitting.containsAll(s.record().admittedBy())).toList());
        }
        case NotAdmitted(String why) -> end(open, why);
        case Wrong() -> end(open, "the directory no longer knows the user");
      }
    } catch (DirectoryException e) {
      LOG.warn("the directory does not tell how a user stands: {}", e.why());
      Instant last = clock.instant().minus(settings.limit());
      end(
          open.stream().filter(s -> s.record().validationTime().isBefore(last)).toList(),
          "the directory has not confirmed the user for " + settings.limit());
    }
  }

  private Answer answer(String user) {
    Optional<Directory> directory = current.find();
    Optional<DirectoryEntry> entry = directory.flatMap(d -> d.byIdentifier(user));
    return entry.isEmpty() ? new Wrong() : admissions.of(directory.orElseThrow(), entry.get());
  }

  private void end(List<Row<Session>> ending, String why) {
    if (ending.isEmpty()) {
      return;
    }
    LOG.info(
        "ending {} sessions of {}: {}",
        ending.size(),
        ending.getFirst().record().authUserSid(),
        why);
    Set<Ref<Session>> refs = new HashSet<>();
    ending.forEach(row -> refs.add(row.ref()));
    sessions.closeAll(session -> refs.contains(session.ref()));
  }

  private void confirm(List<Row<Session>> confirmed) {
    if (confirmed.isEmpty()) {
      return;
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    store.change(tx ->
        confirmed.stream()
            .filter(row -> tx.find(ApiModel.SESSION, row.ref()).isPresent())
            .forEach(row ->
                tx.update(ApiModel.SESSION, row.ref(), s -> s.with(b -> b.validationTime(now)))));
  }
}
