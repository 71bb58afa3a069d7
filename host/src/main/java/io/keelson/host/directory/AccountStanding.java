package io.keelson.host.directory;

import com.unboundid.ldap.sdk.SearchResultEntry;
import io.keelson.host.DirectoryEntry.Standing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How an account stands, by what the directory keeps about it. */
final class AccountStanding {
  /** Of Active Directory, of OpenLDAP's password policies, of shadow accounts, of 389 DS. */
  static final List<String> ASKED =
      List.of(
          "userAccountControl",
          "msDS-User-Account-Control-Computed",
          "lockoutTime",
          "accountExpires",
          "pwdLastSet",
          "pwdAccountLockedTime",
          "pwdEndTime",
          "pwdReset",
          "shadowExpire",
          "nsAccountLock");

  private static final long DISABLED = 0x2;
  private static final long LOCKED = 0x10;
  private static final long PASSWORD_EXPIRED = 0x80_0000;
  private static final long NEVER = Long.MAX_VALUE;

  /** Active Directory counts tenths of microseconds from the year 1601. */
  private static final long TICKS_A_SECOND = 10_000_000;

  private static final long FROM_1601_TO_1970 = 11_644_473_600L;

  private final boolean activeDirectory;
  private final Clock clock;

  AccountStanding(boolean activeDirectory, Clock clock) {
    this.activeDirectory = activeDirectory;
    this.clock = clock;
  }

  Standing of(SearchResultEntry entry) {
    return activeDirectory ? ofActiveDirectory(entry) : ofLdap(entry);
  }

  private Standing ofActiveDirectory(SearchResultEntry entry) {
    long control = number(entry, "userAccountControl").orElse(0L);
    Optional<Long> computed = number(entry, "msDS-User-Account-Control-Computed");
    long expires = number(entry, "accountExpires").orElse(0L);
    if ((control & DISABLED) != 0) {
      return Standing.DISABLED;
    }
    // The computed flags know when a lock has run out; without them every lock counts.
    boolean locked =
        computed
            .map(flags -> (flags & LOCKED) != 0)
            .orElseGet(() -> number(entry, "lockoutTime").orElse(0L) != 0);
    if (locked) {
      return Standing.LOCKED;
    }
    if (expires != 0 && expires != NEVER && isPast(instant(expires))) {
      return Standing.EXPIRED;
    }
    boolean mustChange =
        number(entry, "pwdLastSet").filter(set -> set == 0).isPresent()
            || computed.filter(flags -> (flags & PASSWORD_EXPIRED) != 0).isPresent();
    return mustChange ? Standing.PASSWORD_EXPIRED : Standing.GOOD;
  }

  private Standing ofLdap(SearchResultEntry entry) {
    if (isTrue(entry, "nsAccountLock")) {
      return Standing.DISABLED;
    }
    if (entry.hasAttribute("pwdAccountLockedTime")) {
      return Standing.LOCKED;
    }
    Optional<Instant> end =
        Optional.ofNullable(entry.getAttributeValueAsDate("pwdEndTime")).map(Date::toInstant);
    Optional<Instant> shadow =
        number(entry, "shadowExpire")
            .filter(days -> days >= 0)
            .map(days -> Instant.EPOCH.plus(Duration.ofDays(days)));
    if (Stream.of(end, shadow).flatMap(Optional::stream).anyMatch(this::isPast)) {
      return Standing.EXPIRED;
    }
    return isTrue(entry, "pwdReset") ? Standing.PASSWORD_EXPIRED : Standing.GOOD;
  }

  private boolean isPast(Instant end) {
    return end.isBefore(clock.instant());
  }

  private static Instant instant(long ticks) {
    return Instant.ofEpochSecond(ticks / TICKS_A_SECOND - FROM_1601_TO_1970);
  }

  private static Optional<Long> number(SearchResultEntry entry, String attribute) {
    return Optional.ofNullable(entry.getAttributeValueAsLong(attribute));
  }

  private static boolean isTrue(SearchResultEntry entry, String attribute) {
    return Boolean.TRUE.equals(entry.getAttributeValueAsBoolean(attribute));
  }
}
