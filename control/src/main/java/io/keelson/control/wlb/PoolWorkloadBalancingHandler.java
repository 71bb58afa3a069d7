package io.keelson.control.wlb;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.PoolWorkloadBalancing;
import io.keelson.api.model.Vm;
import io.keelson.control.access.KeptSecrets;
import io.keelson.control.rules.OnlyPool;
import io.keelson.control.web.XmlElement;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets the pool up with a workload balancing server, and asks it about the pool. */
final class PoolWorkloadBalancingHandler implements PoolWorkloadBalancing {
  private static final Logger LOG = LoggerFactory.getLogger(PoolWorkloadBalancingHandler.class);

  /** They go with the setting. */
  private static final KeptSecrets OURS = new KeptSecrets("WLB");

  private final Store store;
  private final WorkloadBalancing balancing;
  private final Supplier<String> address;

  /** Of two set-ups at once one comes after the other, here as on the server. */
  private final ReentrantLock order = new ReentrantLock();

  /**
   * @param address where the workload balancing server reaches this one
   */
  PoolWorkloadBalancingHandler(Store store, WorkloadBalancing balancing, Supplier<String> address) {
    this.store = store;
    this.balancing = balancing;
    this.address = address;
  }

  /**
   * @throws ApiError WLB_URL_INVALID; other WLB_* and SSL_VERIFY_ERROR when the server cannot be
   *     told of the pool: then the pool stays as it was
   */
  @Override
  public void initializeWlb(
      Call call,
      String wlbUrl,
      String wlbUsername,
      String wlbPassword,
      String xenserverUsername,
      String xenserverPassword) {
    order.lock();
    try {
      Snapshot state = store.snapshot();
      WlbServer server =
          WlbServer.of(OnlyPool.row(state).record(), wlbUrl, wlbUsername, wlbPassword);
      String method = "AddXenServer";
      XmlElement result =
          balancing
              .client()
              .ask(
                  call,
                  server,
                  method,
                  Soap.element("Password", xenserverPassword)
                      + WorkloadBalancing.poolMember(state)
                      + Soap.element("UserName", xenserverUsername)
                      + Soap.element("XenServerUrl", address.get()));
      if (result.child("Id").isEmpty()) {
        throw WlbClient.malformed(method, "there is no Id in it", new byte[0]);
      }
      store.change(tx -> keep(tx, server));
    } finally {
      order.unlock();
    }
  }

  /**
   * The pool is cut off whether or not the server hears of it: one that is gone for good must not
   * stay for ever.
   *
   * @throws ApiError WLB_NOT_INITIALIZED
   */
  @Override
  public void deconfigureWlb(Call call) {
    order.lock();
    try {
      try {
        ask(call, "RemoveXenServer", WorkloadBalancing.poolMember(store.snapshot()));
      } catch (ApiError failure) {
        WorkloadBalancing.initialized(store.snapshot());
        if (call.cancelled()) {
          throw failure;
        }
        LOG.warn("the workload balancing server was not told: {}", failure.description());
      }
      store.change(PoolWorkloadBalancingHandler::forget);
    } finally {
      order.unlock();
    }
  }

  /**
   * @throws ApiError WLB_NOT_INITIALIZED, and other WLB_*
   */
  @Override
  public Map<String, String> retrieveWlbConfiguration(Call call) {
    String method = "GetXenPoolConfiguration";
    String pool = WorkloadBalancing.poolMember(store.snapshot());
    return new WlbAnswers(store.snapshot(), method).configuration(ask(call, method, pool));
  }

  /**
   * @throws ApiError WLB_NOT_INITIALIZED, and other WLB_*
   */
  @Override
  public void sendWlbConfiguration(Call call, Map<String, String> config) {
    String method = "SetXenPoolConfiguration";
    String members = Soap.optimization(config) + WorkloadBalancing.poolMember(store.snapshot());
    new WlbAnswers(store.snapshot(), method).nothing(ask(call, method, members));
  }

  /**
   * @throws ApiError WLB_NOT_INITIALIZED, WLB_DISABLED, and other WLB_*
   */
  @Override
  public Map<Ref<Vm>, List<String>> retrieveWlbRecommendations(Call call) {
    return balancing.ofPool(call);
  }

  private XmlElement ask(Call call, String method, String members) {
    Snapshot state = store.snapshot();
    WlbServer server = WlbServer.of(state, WorkloadBalancing.initialized(state));
    return balancing.client().ask(call, server, method, members);
  }

  private static void keep(Transaction tx, WlbServer server) {
    dropSecret(tx);
    String uuid = OURS.keep(tx, server.password());
    tx.update(
        ApiModel.POOL,
        OnlyPool.row(tx).ref(),
        p -> p.with(b -> b.wlbUrl(server.url()).wlbUsername(server.username()).wlbPassword(uuid)));
  }

  private static void forget(Transaction tx) {
    dropSecret(tx);
    tx.update(
        ApiModel.POOL,
        OnlyPool.row(tx).ref(),
        p -> p.with(b -> b.wlbUrl("").wlbUsername("").wlbPassword("").wlbEnabled(false)));
  }

  private static void dropSecret(Transaction tx) {
    OURS.drop(tx, OnlyPool.row(tx).record().wlbPassword());
  }
}
