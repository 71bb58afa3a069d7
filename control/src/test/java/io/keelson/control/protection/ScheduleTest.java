package io.keelson.control.protection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** When policies are due. */
class ScheduleTest {
  private static final Set<DayOfWeek> ALL = EnumSet.allOf(DayOfWeek.class);
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static ZonedDateTime at(String text) {
    return ZonedDateTime.parse(text + "[Europe/Berlin]");
  }

  @Test
  void everyHour() {
    Schedule quarterPast = new Schedule(true, 0, 15, ALL);
    assertThat(quarterPast.lastDue(at("2026-05-04T10:20:00+02:00")))
        .isEqualTo(at("2026-05-04T10:15:00+02:00"));
    assertThat(quarterPast.lastDue(at("2026-05-04T10:10:00+02:00")))
        .isEqualTo(at("2026-05-04T09:15:00+02:00"));
    assertThat(quarterPast.lastDue(at("2026-05-04T10:15:00+02:00")))
        .isEqualTo(at("2026-05-04T10:15:00+02:00"));
  }

  @Test
  void everyDayAtLocalTime() {
    Schedule night = new Schedule(false, 2, 30, ALL);
    assertThat(night.lastDue(at("2026-05-04T02:29:00+02:00")))
        .isEqualTo(at("2026-05-03T02:30:00+02:00"));
    // The clocks go from 2 to 3 in this night: it is made up for at once.
    assertThat(night.lastDue(at("2026-03-29T03:30:00+02:00")))
        .isEqualTo(at("2026-03-29T03:30:00+02:00"));
    // They have the hour twice in this one; the first counts.
    assertThat(night.lastDue(at("2026-10-25T12:00:00+01:00")).toInstant())
        .isEqualTo(Instant.parse("2026-10-25T00:30:00Z"));
  }

  @Test
  void onSomeDaysOfTheWeek() {
    Schedule weekly = new Schedule(false, 0, 0, EnumSet.of(DayOfWeek.MONDAY, DayOfWeek.THURSDAY));
    assertThat(weekly.lastDue(at("2026-05-08T12:00:00+02:00"))) // a Friday
        .isEqualTo(at("2026-05-07T00:00:00+02:00"));
    assertThat(weekly.lastDue(at("2026-05-07T00:00:00+02:00")))
        .isEqualTo(at("2026-05-07T00:00:00+02:00"));
    Schedule mondays = new Schedule(false, 23, 45, EnumSet.of(DayOfWeek.MONDAY));
    assertThat(mondays.lastDue(at("2026-05-04T23:44:00+02:00"))) // a Monday, too early
        .isEqualTo(at("2026-04-27T23:45:00+02:00"));
  }

  @Property
  void isNeverInTheFutureAndNeverLongAgo(
      @ForAll boolean hourly,
      @ForAll @IntRange(max = 23) int hour,
      @ForAll @IntRange(max = 3) int quarter,
      @ForAll Set<DayOfWeek> some,
      @ForAll @LongRange(min = 0, max = 4_000_000_000L) long now) {
    Set<DayOfWeek> days = some.isEmpty() ? ALL : some;
    Schedule schedule = new Schedule(hourly, hour, quarter * 15, days);
    for (ZoneId zone : Set.of(BERLIN, ZoneOffset.UTC, ZoneId.of("America/St_Johns"))) {
      ZonedDateTime time = Instant.ofEpochSecond(now).atZone(zone);
      ZonedDateTime due = schedule.lastDue(time);
      assertThat(due).isBeforeOrEqualTo(time);
      assertThat(due).isAfterOrEqualTo(hourly ? time.minusHours(2) : time.minusDays(8));
      assertThat(schedule.lastDue(due)).isEqualTo(due);
    }
  }
}
