package io.keelson.control.protection;

import io.keelson.api.model.Vmpp;
import io.keelson.api.model.VmppBackupFrequency;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * When something is to be done, in the host's local time.
 *
 * @param hourly whether every hour; else once on each of the days
 * @param days on which
 */
record Schedule(boolean hourly, int hour, int minute, Set<DayOfWeek> days) {
  static final String MINUTE = "min";
  static final String HOUR = "hour";
  static final String DAYS = "days";

  private static final Set<DayOfWeek> EVERY_DAY = EnumSet.allOf(DayOfWeek.class);
  private static final int WEEK = 7;

  /** When snapshots are to be taken. */
  static Schedule ofBackups(Vmpp policy) {
    return of(policy.backupFrequency(), policy.backupSchedule());
  }

  /** When snapshots are to be archived; empty when never, or along with the taking. */
  static Optional<Schedule> ofArchives(Vmpp policy) {
    return switch (policy.archiveFrequency()) {
      case NEVER, ALWAYS_AFTER_BACKUP -> Optional.empty();
      case DAILY -> Optional.of(of(VmppBackupFrequency.DAILY, policy.archiveSchedule()));
      case WEEKLY -> Optional.of(of(VmppBackupFrequency.WEEKLY, policy.archiveSchedule()));
    };
  }

  private static Schedule of(VmppBackupFrequency frequency, Map<String, String> settings) {
    int hour = Integer.parseInt(settings.getOrDefault(HOUR, "0"));
    int minute = Integer.parseInt(settings.getOrDefault(MINUTE, "0"));
    return switch (frequency) {
      case HOURLY -> new Schedule(true, 0, minute, EVERY_DAY);
      case DAILY -> new Schedule(false, hour, minute, EVERY_DAY);
      case WEEKLY -> new Schedule(false, hour, minute, days(settings));
    };
  }

  private static Set<DayOfWeek> days(Map<String, String> settings) {
    EnumSet<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    Arrays.stream(settings.getOrDefault(DAYS, "Monday").split(","))
        .forEach(day -> days.add(DayOfWeek.valueOf(day.strip().toUpperCase(Locale.ROOT))));
    return days;
  }

  /**
   * The last time that it was to be done, now included. An hour that the clocks leave out is made
   * up for right after it; one that they have twice counts once.
   */
  ZonedDateTime lastDue(ZonedDateTime now) {
    if (hourly) {
      ZonedDateTime due = now.truncatedTo(ChronoUnit.HOURS).plusMinutes(minute);
      return due.isAfter(now) ? due.minusHours(1) : due;
    }
    LocalTime time = LocalTime.of(hour, minute);
    for (int back = 0; back <= WEEK; back++) {
      LocalDate day = now.toLocalDate().minusDays(back);
      ZonedDateTime due = day.atTime(time).atZone(now.getZone());
      if (days.contains(day.getDayOfWeek()) && !due.isAfter(now)) {
        return due;
      }
    }
    throw new IllegalStateException("no day in " + this);
  }
}
