package io.keelson.control.wlb;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.model.Cls;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Vm;
import io.keelson.control.Resources;
import io.keelson.control.alert.Alert;
import io.keelson.control.alert.Alerts;
import io.keelson.control.rules.OnlyPool;
import io.keelson.control.web.XmlElement;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the pool's workload balancing server says. */
public final class WorkloadBalancing {
  private static final Logger LOG = LoggerFactory.getLogger(WorkloadBalancing.class);

  /** pool.other_config: when true, nothing is decided by what the server says. */
  private static final String CHOOSE_DISABLE = "wlb_choose_host_disable";

  private final Store store;
  private final WlbClient client;
  private final Alerts alerts;

  public WorkloadBalancing(Resources resources) {
    this.store = resources.store();
    this.client = new WlbClient(resources.drivers().trust());
    this.alerts = new Alerts(resources.clock());
  }

  /**
   * How well each host would run a VM: {@code [WLB, stars, id]}, and a reason where it cannot.
   *
   * @throws ApiError WLB_NOT_INITIALIZED, WLB_DISABLED, and other WLB_* when the server does not
   *     answer as it should
   */
  public Map<Ref<Host>, List<String>> ofVm(Call call, Ref<Vm> vm) {
    Snapshot state = store.snapshot();
    String uuid = state.get(ApiModel.VM, vm).uuid();
    WlbServer server = WlbServer.of(state, enabled(state));
    String members = poolMember(state) + Soap.element("VmUuid", uuid);
    String method = "VMGetRecommendations";
    XmlElement result = client.ask(call, server, method, members);
    return new WlbAnswers(store.snapshot(), method).ofVm(result);
  }

  /**
   * Where the VMs of a host would go: {@code [WLB, host, id]}.
   *
   * @throws ApiError as {@link #ofVm}
   */
  Map<Ref<Vm>, List<String>> ofHost(Call call, Ref<Host> host) {
    Snapshot state = store.snapshot();
    String uuid = state.get(ApiModel.HOST, host).uuid();
    WlbServer server = WlbServer.of(state, enabled(state));
    String members = Soap.element("HostUuid", uuid) + poolMember(state);
    String method = "HostGetRecommendations";
    XmlElement result = client.ask(call, server, method, members);
    return new WlbAnswers(store.snapshot(), method).ofHost(result);
  }

  /**
   * Which VMs had better move: {@code [WLB, host, optimization, id, reason]}.
   *
   * @throws ApiError as {@link #ofVm}
   */
  Map<Ref<Vm>, List<String>> ofPool(Call call) {
    Snapshot state = store.snapshot();
    WlbServer server = WlbServer.of(state, enabled(state));
    String method = "GetOptimizationRecommendations";
    XmlElement result = client.ask(call, server, method, poolMember(state));
    return new WlbAnswers(store.snapshot(), method).ofPool(result);
  }

  /**
   * The hosts that a VM had better start on, best first; none when the server is not asked, or
   * cannot say: an alert tells of the latter.
   */
  public List<Ref<Host>> hostsFor(Call call, Ref<Vm> vm) {
    if (!decides(store.snapshot())) {
      return List.of();
    }
    try {
      return ofVm(call, vm).entrySet().stream()
          .filter(e -> stars(e) > 0)
          .sorted(Comparator.comparingDouble(WorkloadBalancing::stars).reversed())
          .<Ref<Host>>map(Map.Entry::getKey)
          .toList();
    } catch (ApiError failure) {
      refuseCancelled(call);
      String uuid = store.snapshot().get(ApiModel.VM, vm).uuid();
      tell(Cls.VM, uuid, "VM", failure);
      return List.of();
    }
  }

  /** Where VMs of a host had better go; none are named when {@link #hostsFor} would name none. */
  public Map<Ref<Vm>, List<String>> evacuation(Call call, Ref<Host> host) {
    if (!decides(store.snapshot())) {
      return Map.of();
    }
    try {
      return ofHost(call, host);
    } catch (ApiError failure) {
      refuseCancelled(call);
      String uuid = store.snapshot().get(ApiModel.HOST, host).uuid();
      tell(Cls.HOST, uuid, "Host", failure);
      return Map.of();
    }
  }

  /**
   * The hosts that an evacuation's recommendations name, VM by VM.
   *
   * @param advice what {@link #evacuation} says
   */
  public static Map<Ref<Vm>, Ref<Host>> targets(Snapshot state, Map<Ref<Vm>, List<String>> advice) {
    Map<Ref<Vm>, Ref<Host>> found = new LinkedHashMap<>();
    advice.forEach((vm, words) ->
        state.table(ApiModel.HOST).byUuid(words.get(1)).ifPresent(host -> found.put(vm, host)));
    return found;
  }

  /**
   * Stores the answer to a method that asks for something big.
   *
   * @throws ApiError WLB_NOT_INITIALIZED, and as {@link #ofVm}
   */
  void fetch(Call call, String method, String members, Path file) {
    Snapshot state = store.snapshot();
    client.fetch(call, WlbServer.forReports(state, initialized(state)), method, members, file);
  }

  WlbClient client() {
    return client;
  }

  /**
   * @throws ApiError WLB_NOT_INITIALIZED
   */
  static Pool initialized(Snapshot state) {
    Pool pool = OnlyPool.row(state).record();
    if (pool.wlbUrl().isEmpty()) {
      throw ApiErrors.wlbNotInitialized();
    }
    return pool;
  }

  /** The member of requests that says which pool it is. */
  static String poolMember(Snapshot state) {
    return Soap.element("PoolUuid", OnlyPool.row(state).record().uuid());
  }

  private static Pool enabled(Snapshot state) {
    Pool pool = initialized(state);
    if (!pool.wlbEnabled()) {
      throw ApiErrors.wlbDisabled();
    }
    return pool;
  }

  private static boolean decides(Snapshot state) {
    return OnlyPool.find(state)
        .filter(Pool::wlbEnabled)
        .filter(pool -> !pool.wlbUrl().isEmpty())
        .map(pool -> pool.otherConfig().getOrDefault(CHOOSE_DISABLE, ""))
        .filter(disabled -> !disabled.equalsIgnoreCase("true"))
        .isPresent();
  }

  private static double stars(Map.Entry<Ref<Host>, List<String>> recommendation) {
    return Double.parseDouble(recommendation.getValue().get(1));
  }

  private static void refuseCancelled(Call call) {
    if (call.cancelled()) {
      throw ApiErrors.taskCancelled(call.task().text());
    }
  }

  private void tell(Cls cls, String uuid, String what, ApiError failure) {
    LOG.warn("workload balancing has nothing to say: {}", failure.description());
    String body =
        "Wlb consultation for %s '%s' failed (pool uuid: %s)"
            .formatted(what, uuid, OnlyPool.row(store.snapshot()).record().uuid());
    store.change(tx -> alerts.raise(tx, Alert.WLB_CONSULTATION_FAILED, cls, uuid, body));
  }
}
