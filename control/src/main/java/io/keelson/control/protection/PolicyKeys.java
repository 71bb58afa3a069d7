package io.keelson.control.protection;

import io.keelson.api.ApiErrors;
import io.keelson.api.model.VmppArchiveFrequency;
import io.keelson.api.model.VmppArchiveTargetType;
import io.keelson.api.model.VmppBackupFrequency;
import java.time.DayOfWeek;
import java.time.format.TextStyle;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The keys that a map of a policy can have, with the values that they can have and the usual ones.
 *
 * @param field the map's name in errors
 */
record PolicyKeys(String field, Map<String, Key> keys) {
  static final String LOCATION = "location";
  static final String USERNAME = "username";
  static final String PASSWORD = "password";
  static final String EMAIL_ADDRESS = "email_address";
  static final String SMTP_SERVER = "smtp_server";
  static final String SMTP_PORT = "smtp_port";

  private static final int LAST_HOUR = 23;
  private static final int LAST_PORT = 65_535;
  private static final List<String> MINUTES = List.of("0", "15", "30", "45");

  private static final Key MINUTE = new Key(Form.MINUTE, "0");
  private static final Key HOUR = new Key(Form.HOUR, "0");
  private static final Key DAYS = new Key(Form.DAYS, "Monday");
  private static final Key TEXT = new Key(Form.TEXT, "");

  static final PolicyKeys ALARM =
      new PolicyKeys(
          "alarm-config",
          Map.of(
              EMAIL_ADDRESS,
              new Key(Form.ADDRESSES, ""),
              SMTP_SERVER,
              new Key(Form.SERVER, ""),
              SMTP_PORT,
              new Key(Form.PORT, "25")));

  /** All that a schedule of backups can have, whatever its frequency. */
  static final PolicyKeys BACKUP = backup(VmppBackupFrequency.WEEKLY);

  static final PolicyKeys ARCHIVE = archive(VmppArchiveFrequency.WEEKLY);

  static final PolicyKeys TARGET = target(VmppArchiveTargetType.CIFS);

  /** What values look like. */
  private enum Form {
    MINUTE,
    HOUR,
    DAYS,
    PORT,
    ADDRESSES,
    SERVER,
    TEXT
  }

  private record Key(Form form, String usual) {}

  static PolicyKeys backup(VmppBackupFrequency frequency) {
    return schedule(
        "backup-schedule",
        switch (frequency) {
          case HOURLY -> List.of(Schedule.MINUTE);
          case DAILY -> List.of(Schedule.HOUR, Schedule.MINUTE);
          case WEEKLY -> List.of(Schedule.HOUR, Schedule.MINUTE, Schedule.DAYS);
        });
  }

  static PolicyKeys archive(VmppArchiveFrequency frequency) {
    return schedule(
        "archive-schedule",
        switch (frequency) {
          case NEVER, ALWAYS_AFTER_BACKUP -> List.of();
          case DAILY -> List.of(Schedule.HOUR, Schedule.MINUTE);
          case WEEKLY -> List.of(Schedule.HOUR, Schedule.MINUTE, Schedule.DAYS);
        });
  }

  static PolicyKeys target(VmppArchiveTargetType type) {
    return new PolicyKeys(
        "archive-target-config",
        switch (type) {
          case NONE -> Map.of();
          case NFS -> Map.of(LOCATION, TEXT);
          case CIFS -> Map.of(LOCATION, TEXT, USERNAME, TEXT, PASSWORD, TEXT);
        });
  }

  private static PolicyKeys schedule(String field, List<String> names) {
    Map<String, Key> keys = new LinkedHashMap<>();
    names.forEach(name ->
        keys.put(
            name,
            switch (name) {
              case Schedule.MINUTE -> MINUTE;
              case Schedule.HOUR -> HOUR;
              default -> DAYS;
            }));
    return new PolicyKeys(field, keys);
  }

  /**
   * The map with its values as they are kept.
   *
   * @throws io.keelson.api.ApiError INVALID_VALUE
   */
  Map<String, String> checked(Map<String, String> map) {
    Map<String, String> kept = new LinkedHashMap<>();
    map.forEach((key, value) -> kept.put(key, checked(key, value)));
    return Map.copyOf(kept);
  }

  /**
   * A value as it is kept.
   *
   * @throws io.keelson.api.ApiError INVALID_VALUE for a key that there is not, or its value
   */
  String checked(String name, String value) {
    Key key = keys.get(name);
    if (key == null) {
      throw wrong(name, value);
    }
    return switch (key.form) {
      case MINUTE -> {
        if (!MINUTES.contains(value.strip())) {
          throw wrong(name, value);
        }
        yield value.strip();
      }
      case HOUR -> Long.toString(within(name, value, 0, LAST_HOUR));
      case PORT -> Long.toString(within(name, value, 1, LAST_PORT));
      case DAYS ->
          Arrays.stream(value.split(",", -1))
              .map(day -> day(name, value, day))
              .distinct()
              .collect(Collectors.joining(","));
      case ADDRESSES, SERVER -> {
        if (value.chars().anyMatch(c -> Character.isISOControl(c) || c == '<' || c == '>')) {
          throw wrong(name, value);
        }
        yield value.strip();
      }
      case TEXT -> value;
    };
  }

  /** Has the usual values for what is missing, and nothing that does not belong here. */
  Map<String, String> completed(Map<String, String> map) {
    Map<String, String> all = new LinkedHashMap<>();
    keys.forEach((name, key) -> all.put(name, checked(name, map.getOrDefault(name, key.usual))));
    return Map.copyOf(all);
  }

  private long within(String name, String value, long least, long most) {
    if (!value.strip().matches("[0-9]{1,5}")) {
      throw wrong(name, value);
    }
    long number = Long.parseLong(value.strip());
    if (number < least || number > most) {
      throw wrong(name, value);
    }
    return number;
  }

  private String day(String name, String value, String day) {
    for (DayOfWeek each : DayOfWeek.values()) {
      String full = each.getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      if (full.equalsIgnoreCase(day.strip())) {
        return full;
      }
    }
    throw wrong(name, value);
  }

  private RuntimeException wrong(String name, String value) {
    return ApiErrors.invalidValue(field + ":" + name, value);
  }
}
