package io.keelson.control.host;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.HostSecurity;
import io.keelson.api.messages.PoolTls;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pool;
import io.keelson.control.rules.OnlyPool;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which versions of TLS clients may come with. The server listens for its own host. */
public final class TlsSettingsHandler implements HostSecurity, PoolTls {
  private static final Logger LOG = LoggerFactory.getLogger(TlsSettingsHandler.class);

  /** Notes in a host's other_config that somebody has set it, and that it is no default. */
  private static final String SET = "ssl_legacy";

  private final Store store;
  private final Agent agent;

  /** What the server does and what the records say is to agree. */
  private final ReentrantLock turn = new ReentrantLock();

  TlsSettingsHandler(Store store, Agent agent) {
    this.store = store;
    this.agent = agent;
  }

  /** Whether clients with older versions are let in because somebody wanted it so. */
  public static boolean allows(Host host) {
    return host.sslLegacy() && host.otherConfig().containsKey(SET);
  }

  /** Has the server do what its host's record says. */
  public static void apply(Snapshot state, Agent agent) {
    try {
      agent.legacyTls(
          state
              .find(ApiModel.HOST, OnlyPool.master(state))
              .filter(TlsSettingsHandler::allows)
              .isPresent());
    } catch (IOException e) {
      LOG.warn("the server cannot do what ssl_legacy says", e);
    }
  }

  @Override
  public void setSslLegacy(Call call, Ref<Host> self, boolean value) {
    set(self, value);
  }

  @Override
  public void enableSslLegacy(Call call, Ref<Pool> self) {
    setAll(self, true);
  }

  @Override
  public void disableSslLegacy(Call call, Ref<Pool> self) {
    setAll(self, false);
  }

  /** The coordinator comes last. */
  private void setAll(Ref<Pool> self, boolean value) {
    Snapshot state = store.snapshot();
    Pool _ = state.get(ApiModel.POOL, self);
    Ref<Host> master = OnlyPool.master(state);
    List<Ref<Host>> hosts =
        state
            .rows(ApiModel.HOST)
            .<Ref<Host>>map(Row::ref)
            .sorted(Comparator.comparing(host -> host.equals(master)))
            .toList();
    hosts.forEach(host -> set(host, value));
  }

  private void set(Ref<Host> host, boolean value) {
    turn.lock();
    try {
      Snapshot state = store.snapshot();
      boolean before = allows(state.get(ApiModel.HOST, host));
      boolean own = host.equals(OnlyPool.master(state));
      if (own && before != value) {
        agent.legacyTls(value);
      }
      store.change(tx -> write(tx, host, value));
    } catch (IOException e) {
      throw ApiErrors.internalError(List.of("TLS stays as it was: " + e.getMessage()));
    } finally {
      turn.unlock();
    }
  }

  private static void write(Transaction tx, Ref<Host> host, boolean value) {
    Map<String, String> config = new HashMap<>(tx.get(ApiModel.HOST, host).otherConfig());
    if (value) {
      config.put(SET, "set");
    } else {
      config.remove(SET);
    }
    tx.update(
        ApiModel.HOST, host, h -> h.with(b -> b.sslLegacy(value).otherConfig(Map.copyOf(config))));
  }
}
