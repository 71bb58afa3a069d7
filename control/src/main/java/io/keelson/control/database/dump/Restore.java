package io.keelson.control.database.dump;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Session;
import io.keelson.api.model.Task;
import io.keelson.api.model.User;
import io.keelson.api.model.Vm;
import io.keelson.control.host.Agent;
import io.keelson.control.rules.OnlyPool;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Puts the objects of a file in the place of all there are, in one transaction, so that whatever is
 * wrong with them nothing has changed; then the server starts anew, and brings them and what really
 * runs together as it does after a crash.
 */
public record Restore(Store store, Agent agent) {

  /** Writes the database to a stream. */
  public void save(OutputStream out) throws IOException {
    DumpWriter.write(store.snapshot(), out);
  }

  /**
   * @param dryRun whether to check everything and change nothing
   * @throws ApiError RESTORE_INCOMPATIBLE_VERSION, RESTORE_SCRIPT_FAILED,
   *     RESTORE_TARGET_MGMT_IF_NOT_IN_BACKUP, RESTORE_TARGET_MISSING_DEVICE,
   *     DB_UNIQUENESS_CONSTRAINT_VIOLATION, HANDLE_INVALID; HA_IS_ENABLED
   */
  public void restore(Call call, InputStream in, boolean dryRun) {
    Dump dump = Dump.read(in);
    if (dryRun) {
      store.rehearse(tx -> replace(tx, call, dump));
    } else {
      store.change(tx -> replace(tx, call, dump));
      agent.end(Agent.End.RESTART);
    }
  }

  private static void replace(Transaction tx, Call call, Dump dump) {
    if (OnlyPool.find(tx).filter(Pool::haEnabled).isPresent()) {
      throw ApiErrors.haIsEnabled();
    }
    checkMachine(tx, dump);
    Map<String, String> passwords = new HashMap<>();
    tx.rows(ApiModel.USER)
        .forEach(row -> passwords.put(row.record().shortName(), row.record().passwordHash()));
    for (ApiClass<? extends ApiRecord> apiClass : ApiModel.CLASSES) {
      remove(tx, apiClass, call);
    }
    dump.rows().forEach(row -> create(tx, row, passwords));
    adapt(tx, call);
  }

  private static void checkMachine(Snapshot state, Dump dump) {
    RestoreTarget.check(state, dump.of(ApiModel.PIF).values());
    if (dump.of(ApiModel.POOL).size() != 1
        || dump.of(ApiModel.HOST).size() != state.table(ApiModel.HOST).size()) {
      throw ApiErrors.restoreScriptFailed("the file is of a pool with other hosts");
    }
    Set<String> saved =
        dump.of(ApiModel.VM).values().stream().map(Vm::uuid).collect(Collectors.toSet());
    RestoreTarget.lostVm(state, saved::contains)
        .ifPresent(vm -> {
          throw ApiErrors.restoreScriptFailed("VM " + vm + " runs and is not in the file");
        });
  }

  private static <R extends ApiRecord> void remove(
      Transaction tx, ApiClass<R> apiClass, Call call) {
    for (Row<R> row : tx.rows(apiClass).toList()) {
      boolean own =
          row.ref().text().equals(call.task().text())
              || row.ref().text().equals(call.session().text());
      if (!own) {
        tx.delete(apiClass, row.ref());
      }
    }
  }

  @SuppressWarnings("unchecked") // a user becomes a user
  private static <R extends ApiRecord> void create(
      Transaction tx, Dump.Read<R> row, Map<String, String> passwords) {
    R record =
        row.record() instanceof User user
            ? (R) user.with(b -> b.passwordHash(passwords.getOrDefault(user.shortName(), "")))
            : row.record();
    tx.create(row.apiClass(), row.ref(), record);
  }

  /** The restoring call's own session and task go on in the database that was restored. */
  private static void adapt(Transaction tx, Call call) {
    Ref<Host> master = OnlyPool.row(tx).record().master();
    Optional<Session> session = tx.find(ApiModel.SESSION, call.session());
    if (session.isPresent()) {
      Ref<User> user =
          tx.find(ApiModel.USER, session.get().thisUser()).isPresent()
              ? session.get().thisUser()
              : tx.rows(ApiModel.USER).<Ref<User>>map(Row::ref).findFirst().orElse(Ref.none());
      tx.update(
          ApiModel.SESSION,
          call.session(),
          s -> s.with(b -> b.thisHost(master).thisUser(user).parent(Ref.none())));
    }
    Optional<Task> task = tx.find(ApiModel.TASK, call.task());
    if (task.isPresent()) {
      tx.update(
          ApiModel.TASK,
          call.task(),
          t ->
              t.with(b -> {
                b.subtaskOf(Ref.none());
                if (!task.get().residentOn().isNull()) {
                  b.residentOn(master);
                }
              }));
    }
  }
}
