package io.keelson.control.directory;

import io.keelson.api.ApiModel;
import io.keelson.api.model.Host;
import io.keelson.control.access.KeptSecrets;
import io.keelson.control.rules.OnlyPool;
import io.keelson.host.DirectoryException;
import io.keelson.host.DirectoryException.Reason;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The directory of a host, as its record has it.
 *
 * @param type the kind, {@code external_auth_type}
 * @param configuration without the password, in whose place is the uuid of a secret
 */
record AuthSettings(String type, String service, Map<String, String> configuration) {
  private static final String PASSWORD = "pass";
  private static final String SECRET = "pass_secret";
  private static final String INTERVAL = "revalidate";
  private static final String LIMIT = "revalidate_limit";
  private static final Duration USUAL_INTERVAL = Duration.ofMinutes(5);
  private static final Duration USUAL_LIMIT = Duration.ofHours(1);

  /** They go when the directory is turned off. */
  private static final KeptSecrets OURS = new KeptSecrets("external_auth");

  AuthSettings {
    configuration = Map.copyOf(configuration);
  }

  /** Those of the master, which takes all log-ins; empty while there is no directory. */
  static Optional<AuthSettings> ofPool(Snapshot state) {
    return state.find(ApiModel.HOST, OnlyPool.master(state)).flatMap(AuthSettings::of);
  }

  static Optional<AuthSettings> of(Host host) {
    return host.externalAuthType().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new AuthSettings(
                host.externalAuthType(),
                host.externalAuthServiceName(),
                host.externalAuthConfiguration()));
  }

  /** What a driver is given: the password itself, and nothing that is ours to know. */
  Map<String, String> forDriver(Snapshot state) {
    Map<String, String> opened = new HashMap<>(configuration);
    opened.remove(INTERVAL);
    opened.remove(LIMIT);
    String uuid = opened.remove(SECRET);
    if (uuid != null) {
      opened.put(
          PASSWORD,
          KeptSecrets.password(state, uuid)
              .orElseThrow(() -> invalid("there is no secret " + uuid)));
    }
    return opened;
  }

  /** How long a session goes without a look at its user. */
  Duration interval() {
    return seconds(INTERVAL, USUAL_INTERVAL);
  }

  /** How long a session lasts while the directory does not answer. */
  Duration limit() {
    return seconds(LIMIT, USUAL_LIMIT);
  }

  /** Raises INVALID when what is ours to know makes no sense. */
  void check() {
    Duration interval = interval();
    if (limit().compareTo(interval) < 0) {
      throw invalid(LIMIT + " is less than " + INTERVAL);
    }
    if (configuration.containsKey(PASSWORD) && configuration.containsKey(SECRET)) {
      throw invalid(PASSWORD + " and " + SECRET + " are both given");
    }
  }

  private Duration seconds(String key, Duration usual) {
    String text = configuration.getOrDefault(key, "");
    if (text.isEmpty()) {
      return usual;
    }
    if (!text.matches("[1-9]\\d{0,5}")) {
      throw invalid(key + " is a number of seconds");
    }
    return Duration.ofSeconds(Long.parseLong(text));
  }

  /** The same for a record: the password becomes a secret. */
  AuthSettings kept(Transaction tx) {
    Map<String, String> kept = new HashMap<>(configuration);
    String password = kept.remove(PASSWORD);
    if (password != null) {
      kept.put(SECRET, OURS.keep(tx, password));
    }
    return new AuthSettings(type, service, kept);
  }

  /** Deletes the secret that {@link #kept} made, unless another host has it too. */
  void drop(Transaction tx) {
    Optional.ofNullable(configuration.get(SECRET))
        .filter(uuid ->
            tx.rows(ApiModel.HOST)
                .noneMatch(h -> h.record().externalAuthConfiguration().containsValue(uuid)))
        .ifPresent(uuid -> OURS.drop(tx, uuid));
  }

  private static DirectoryException invalid(String why) {
    return new DirectoryException(Reason.INVALID, why);
  }

  /** The configuration may hold a password. */
  @Override
  public String toString() {
    return "AuthSettings[" + type + ", " + service + "]";
  }
}
