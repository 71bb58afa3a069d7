package io.keelson.control.directory;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.control.session.LiveSession;
import io.keelson.control.session.Rights;
import io.keelson.control.session.Sessions;
import io.keelson.host.Directories;
import io.keelson.host.DirectoryException;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Turns external authentication on and off, for one host or for all, in one transaction. */
final class AuthSwitch {
  private final Store store;
  private final Sessions sessions;
  private final Directories directories;

  AuthSwitch(Store store, Sessions sessions, Directories directories) {
    this.store = store;
    this.sessions = sessions;
    this.directories = directories;
  }

  /**
   * Tries the directory, with no lock held, and turns it on where it answers. Nothing outside is
   * changed by that, so that there is nothing to claim before and nothing to undo.
   *
   * @param refuse raises the error for a host that has a directory already
   * @throws io.keelson.api.ApiError AUTH_UNKNOWN_TYPE, HANDLE_INVALID
   * @throws DirectoryException when the directory cannot be used with these settings
   */
  void enable(
      List<Ref<Host>> hosts, AuthSettings settings, BiConsumer<Ref<Host>, AuthSettings> refuse) {
    Snapshot state = store.snapshot();
    requireNone(state, hosts, refuse);
    if (!directories.kinds().contains(settings.type())) {
      throw ApiErrors.authUnknownType(settings.type());
    }
    settings.check();
    directories.open(settings.type(), settings.service(), settings.forDriver(state)).probe();
    store.change(tx -> {
      requireNone(tx, hosts, refuse);
      AuthSettings kept = settings.kept(tx);
      hosts.forEach(host -> write(tx, host, kept.type(), kept.service(), kept.configuration()));
    });
  }

  private static void requireNone(
      Snapshot state, List<Ref<Host>> hosts, BiConsumer<Ref<Host>, AuthSettings> refuse) {
    hosts.forEach(host ->
        AuthSettings.of(state.get(ApiModel.HOST, host))
            .ifPresent(there -> refuse.accept(host, there)));
  }

  /** Ends the sessions of the directory's users where the master has none any more. */
  void disable(List<Ref<Host>> hosts) {
    Optional<Runnable> ended =
        store.transact(tx -> {
          for (Ref<Host> host : hosts) {
            Optional<AuthSettings> before = AuthSettings.of(tx.get(ApiModel.HOST, host));
            write(tx, host, "", "", Map.of());
            before.ifPresent(settings -> settings.drop(tx));
          }
          return AuthSettings.ofPool(tx).isPresent()
              ? Optional.empty()
              : Optional.of(sessions.closeAll(tx, AuthSwitch::isOfDirectory));
        });
    ended.ifPresent(Runnable::run);
  }

  private static void write(
      Transaction tx, Ref<Host> host, String type, String service, Map<String, String> config) {
    tx.update(
        ApiModel.HOST,
        host,
        h ->
            h.with(b ->
                b.externalAuthType(type)
                    .externalAuthServiceName(service)
                    .externalAuthConfiguration(config)));
  }

  private static boolean isOfDirectory(LiveSession session) {
    return switch (session.rights()) {
      case Rights.Everything _ -> false;
      case Rights.Only _ -> true;
    };
  }
}
