package io.keelson.control.pool.member;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.PoolMembership;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pool;
import io.keelson.control.Resources;
import io.keelson.control.rules.LiveHosts;
import io.keelson.control.rules.OnlyPool;
import io.keelson.control.storage.StorageMessages;
import io.keelson.host.pool.RemoteFailure;
import io.keelson.host.pool.RemotePool;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Hosts that come and go, and the role of the coordinator. A server speaks for all hosts of its
 * pool, so that the role passes from one to another with one change of the pool's record.
 */
public record PoolMembershipHandler(Resources resources) implements PoolMembership {

  /**
   * Checks everything that can be checked on both sides. No server takes hosts of another one into
   * its pool yet, which is what the last check finds out from the coordinator.
   *
   * @throws ApiError those of {@link JoiningRules} and {@link OtherPool};
   *     JOINING_HOST_CONNECTION_FAILED, JOINING_HOST_SERVICE_FAILED, SSL_VERIFY_ERROR,
   *     SESSION_AUTHENTICATION_FAILED; POOL_HOSTS_NOT_COMPATIBLE
   */
  @Override
  public void join(Call call, String masterAddress, String masterUsername, String masterPassword) {
    join(masterAddress, masterUsername, masterPassword, false);
  }

  /** {@link #join} for hosts whose processors differ. */
  @Override
  public void joinForce(
      Call call, String masterAddress, String masterUsername, String masterPassword) {
    join(masterAddress, masterUsername, masterPassword, true);
  }

  private void join(String address, String user, String password, boolean force) {
    JoiningRules own = new JoiningRules(resources.store().snapshot());
    own.checkSelf();
    try (RemotePool remote =
        RemotePool.login(resources.drivers().trust(), address, user, password)) {
      OtherPool other = OtherPool.of(remote);
      other.check(own, force);
      other.checkTakesMembers();
    } catch (RemoteFailure failure) {
      throw told(failure, user);
    }
  }

  private static ApiError told(RemoteFailure failure, String user) {
    String message = String.valueOf(failure.getMessage());
    return switch (failure.reason()) {
      case UNREACHABLE -> ApiErrors.joiningHostConnectionFailed();
      case DOUBTED -> ApiErrors.sslVerifyError(message);
      case NO_SERVICE -> ApiErrors.joiningHostServiceFailed();
      case REFUSED ->
          message.equals("SESSION_AUTHENTICATION_FAILED")
              ? ApiErrors.sessionAuthenticationFailed(
                  user, failure.details().stream().reduce("", (_, last) -> last))
              : ApiErrors.joiningHostServiceFailed();
    };
  }

  /** The host and what it alone has go; its disks' files stay where they are. */
  @Override
  public void eject(Call call, Ref<Host> host) {
    new Ejection(
            resources.store(),
            StorageMessages.connections(resources),
            StorageMessages.repositories(resources))
        .eject(call, host);
  }

  /**
   * @throws ApiError HANDLE_INVALID, HA_IS_ENABLED, HOST_OFFLINE, HOST_DISABLED
   */
  @Override
  public void designateNewMaster(Call call, Ref<Host> host) {
    resources
        .store()
        .change(tx -> {
          Host record = tx.get(ApiModel.HOST, host);
          Row<Pool> pool = OnlyPool.row(tx);
          if (pool.record().haEnabled()) {
            throw ApiErrors.haIsEnabled();
          }
          if (!LiveHosts.isLive(tx, record)) {
            throw ApiErrors.hostOffline(host.text());
          }
          if (!record.enabled()) {
            throw ApiErrors.hostDisabled(host.text());
          }
          write(tx, pool, host);
        });
  }

  /**
   * The role goes to the first host, by uuid, of those that live, when the coordinator's does not.
   *
   * @throws ApiError HA_IS_ENABLED, as HA does it then; HOST_NOT_IN_EMERGENCY_MODE while the
   *     coordinator lives
   */
  @Override
  public void emergencyTransitionToMaster(Call call) {
    resources
        .store()
        .change(tx -> {
          Row<Pool> pool = orphaned(tx);
          Ref<Host> next =
              tx.rows(ApiModel.HOST)
                  .filter(row -> LiveHosts.isLive(tx, row.record()))
                  .min(Comparator.comparing(row -> row.record().uuid()))
                  .<Ref<Host>>map(Row::ref)
                  .orElseThrow(ApiErrors::hostNotLive);
          write(tx, pool, next);
        });
  }

  /**
   * @throws ApiError HA_IS_ENABLED; HOST_NOT_IN_EMERGENCY_MODE while the coordinator lives;
   *     CANNOT_CONTACT_HOST when no host of the pool that lives has the address
   */
  @Override
  public void emergencyResetMaster(Call call, String masterAddress) {
    resources
        .store()
        .change(tx -> {
          Row<Pool> pool = orphaned(tx);
          Ref<Host> next =
              tx.rows(ApiModel.HOST)
                  .filter(row -> row.record().address().equals(masterAddress))
                  .filter(row -> LiveHosts.isLive(tx, row.record()))
                  .min(Comparator.comparing(row -> row.record().uuid()))
                  .<Ref<Host>>map(Row::ref)
                  .orElseThrow(() -> ApiErrors.cannotContactHost(masterAddress));
          write(tx, pool, next);
        });
  }

  /** Hosts that were silent and answer when they are asked now; they count as live again. */
  @Override
  public Set<Ref<Host>> recoverSlaves(Call call) {
    Snapshot state = resources.store().snapshot();
    Ref<Host> master = OnlyPool.row(state).record().master();
    List<Row<Host>> back =
        state
            .rows(ApiModel.HOST)
            .filter(row -> !row.ref().equals(master) && !LiveHosts.isLive(state, row.record()))
            .filter(row -> answers(row.record()))
            .toList();
    resources
        .store()
        .overlay(overlay ->
            back.forEach(row ->
                overlay.set(
                    ApiModel.HOST_METRICS,
                    row.record().metrics(),
                    m -> m.with(b -> b.live(true)))));
    Set<Ref<Host>> refs = new LinkedHashSet<>();
    back.forEach(row -> refs.add(row.ref()));
    return refs;
  }

  private boolean answers(Host host) {
    return LiveHosts.answers(resources.drivers().machine(), UUID.fromString(host.uuid()));
  }

  /** The pool, when its coordinator is dead and nobody else sees to that. */
  private static Row<Pool> orphaned(Snapshot state) {
    Row<Pool> pool = OnlyPool.row(state);
    if (pool.record().haEnabled()) {
      throw ApiErrors.haIsEnabled();
    }
    Optional<Host> master = state.find(ApiModel.HOST, pool.record().master());
    if (master.filter(host -> LiveHosts.isLive(state, host)).isPresent()) {
      throw ApiErrors.hostNotInEmergencyMode();
    }
    return pool;
  }

  private static void write(Transaction tx, Row<Pool> pool, Ref<Host> master) {
    tx.update(ApiModel.POOL, pool.ref(), p -> p.with(b -> b.master(master)));
  }
}
