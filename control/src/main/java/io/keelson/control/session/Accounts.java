package io.keelson.control.session;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.User;
import io.keelson.store.Row;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/** Whose a password is: an account's of this host, or a user's of the directory. */
public final class Accounts {
  /** Name of the superuser's account. */
  public static final String ROOT = "root";

  private static final String REFUSED = "Wrong user name or password";

  private final Store store;
  private final GuessLimits limits;
  private final Pauses pauses;
  private final ExternalUsers external;
  private final KnownPasswords known = new KnownPasswords();
  private final Semaphore hashing =
      new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);

  /** Compared with where there is no account, so that this takes as long as a wrong password. */
  private final PasswordHash nobody =
      new PasswordHash(PasswordHash.ITERATIONS, new byte[16], new byte[32]);

  public Accounts(Store store, Clock clock, Pauses pauses, ExternalUsers external) {
    this.store = store;
    this.limits = new GuessLimits(clock);
    this.pauses = pauses;
    this.external = external;
  }

  /** Makes the superuser's account; part of first boot. */
  public static Ref<User> createRoot(Transaction tx, PasswordHash password) {
    return tx.create(
        ApiModel.USER,
        User.builder()
            .build()
            .with(b ->
                b.uuid(UUID.randomUUID().toString())
                    .shortName(ROOT)
                    .fullname("superuser")
                    .passwordHash(password.text())));
  }

  /** The superuser, whose password need not be asked for. */
  public Identity.Superuser superuser() {
    return store
        .snapshot()
        .rows(ApiModel.USER)
        .filter(r -> r.record().shortName().equals(ROOT))
        .findFirst()
        .map(root -> new Identity.Superuser(root.ref(), ROOT))
        .orElseThrow(() -> ApiErrors.sessionAuthenticationFailed(ROOT, REFUSED));
  }

  /**
   * Whom name and password belong to. The directory is never asked for a name that an account of
   * this host has.
   *
   * @param source where the attempt comes from, without anything that changes with each connection
   * @throws io.keelson.api.ApiError SESSION_AUTHENTICATION_FAILED
   */
  public Identity authenticate(String name, String password, String source) {
    requireName(name);
    if (find(name).isPresent() || !external.enabled()) {
      return authenticateHere(name, password, source);
    }
    GuessLimits.Guesser guesser = new GuessLimits.Guesser(source, name);
    pauses.pause(limits.turn(guesser));
    return switch (external.authenticate(name, password)) {
      case ExternalUsers.Known(Identity.DirectoryUser user) -> {
        limits.succeeded(guesser);
        yield user;
      }
      case ExternalUsers.NotAdmitted(String why) ->
          throw ApiErrors.sessionAuthenticationFailed(name, why);
      case ExternalUsers.Wrong() -> {
        pauses.pause(limits.failed(guesser));
        throw ApiErrors.sessionAuthenticationFailed(name, REFUSED);
      }
    };
  }

  /**
   * Whom of this host's accounts name and password belong to.
   *
   * @throws io.keelson.api.ApiError SESSION_AUTHENTICATION_FAILED
   */
  public Identity.Superuser authenticateHere(String name, String password, String source) {
    requireName(name);
    GuessLimits.Guesser guesser = new GuessLimits.Guesser(source, name);
    pauses.pause(limits.turn(guesser));
    Optional<Row<User>> user = find(name);
    if (user.isPresent() && isRight(user.get().record(), password)) {
      limits.succeeded(guesser);
      return new Identity.Superuser(user.get().ref(), name);
    }
    if (user.isEmpty()) {
      slowly(nobody, password);
    }
    pauses.pause(limits.failed(guesser));
    throw ApiErrors.sessionAuthenticationFailed(name, REFUSED);
  }

  /** Whoever gives no name guesses nothing, and is told at once. */
  private static void requireName(String name) {
    if (name.isEmpty()) {
      throw ApiErrors.sessionAuthenticationFailed(name, REFUSED);
    }
  }

  private boolean isRight(User user, String password) {
    String kept = user.passwordHash();
    if (known.contains(user.shortName(), kept, password)) {
      return true;
    }
    boolean right = PasswordHash.parse(kept).map(h -> slowly(h, password)).orElse(false);
    if (right) {
      known.add(user.shortName(), kept, password);
    }
    return right;
  }

  private boolean slowly(PasswordHash hash, String password) {
    hashing.acquireUninterruptibly();
    try {
      return hash.matches(password);
    } finally {
      hashing.release();
    }
  }

  /** An account that somebody can log in to: one with a password. */
  private Optional<Row<User>> find(String name) {
    return store
        .snapshot()
        .rows(ApiModel.USER)
        .filter(r -> r.record().shortName().equals(name) && !r.record().passwordHash().isEmpty())
        .findFirst();
  }
}
