package io.keelson.control.wlb;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.control.rules.LiveHosts;
import io.keelson.control.web.XmlElement;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What answers say, in XenAPI's terms: lists that begin with {@code WLB}. An answer about objects
 * that are not in the pool is refused as a whole (WLB_MALFORMED_RESPONSE).
 *
 * @param method that was asked
 */
record WlbAnswers(Snapshot state, String method) {
  private static final String WLB = "WLB";
  private static final String RECOMMENDATIONS = "Recommendations";
  private static final String RECOMMENDATION_ID = "RecommendationId";
  private static final String HOST_UUID = "HostUuid";

  /**
   * How well each live host would run a VM: {@code [WLB, stars, id]}, or {@code [WLB, 0.0, id,
   * reason]} where it cannot.
   */
  Map<Ref<Host>, List<String>> ofVm(XmlElement result) {
    Map<Ref<Host>, List<String>> found = new LinkedHashMap<>();
    List<XmlElement> all = recommendations(result);
    for (XmlElement each : all) {
      String id = number(need(each, RECOMMENDATION_ID));
      Ref<Host> host = host(need(each, HOST_UUID));
      found.put(
          host,
          each.child("Stars").isPresent()
              ? List.of(WLB, number(need(each, "Stars")), id)
              : List.of(WLB, "0.0", id, need(each, "ZeroScoreReason")));
    }
    long live =
        state.rows(ApiModel.HOST).filter(row -> LiveHosts.isLive(state, row.record())).count();
    if (!all.isEmpty() && all.size() != live) {
      throw malformed("there are " + live + " live hosts and " + all.size() + " recommendations");
    }
    return found;
  }

  /**
   * Where the VMs of a host would go: {@code [WLB, host, id]}. One for a host's control domain
   * means that the host is to be turned on for them.
   */
  Map<Ref<Vm>, List<String>> ofHost(XmlElement result) {
    return recommendations(result).stream()
        .collect(
            Collectors.toMap(
                each -> vm(each.value("VmUuid").orElse(""), need(each, HOST_UUID)),
                each -> List.of(WLB, need(each, HOST_UUID), number(need(each, RECOMMENDATION_ID))),
                (first, _) -> first,
                LinkedHashMap::new));
  }

  /**
   * Which VMs had better move: {@code [WLB, host, optimization, id, reason]}. One for a host's
   * control domain means that the host is to be turned on or off.
   */
  Map<Ref<Vm>, List<String>> ofPool(XmlElement result) {
    if (result.children().isEmpty()) {
      return Map.of();
    }
    List<XmlElement> all = recommendations(result);
    String optimization = all.isEmpty() ? "" : number(need(result, "OptimizationId"));
    Map<Ref<Vm>, List<String>> found = new LinkedHashMap<>();
    for (XmlElement each : all) {
      String moved = each.value("VmToMoveUuid").orElse("");
      String host = need(each, moved.isEmpty() ? "MoveFromHostUuid" : "MoveToHostUuid");
      String id = number(need(each, RECOMMENDATION_ID));
      found.put(vm(moved, host), List.of(WLB, host, optimization, id, need(each, "Reason")));
    }
    return found;
  }

  /** The settings that the server has for the pool. */
  Map<String, String> configuration(XmlElement result) {
    XmlElement settings =
        result.child("OptimizationParms").orElseThrow(() -> missing("OptimizationParms"));
    Map<String, String> found = new LinkedHashMap<>();
    settings.children().forEach(pair -> found.put(need(pair, "Key"), need(pair, "Value")));
    return found;
  }

  /** The answer to what changes something has nothing in it. */
  void nothing(XmlElement result) {
    if (!result.children().isEmpty()) {
      throw malformed("there should be nothing in it");
    }
  }

  private List<XmlElement> recommendations(XmlElement result) {
    return result.child(RECOMMENDATIONS).map(XmlElement::children).orElse(List.of());
  }

  private Ref<Host> host(String uuid) {
    return state
        .table(ApiModel.HOST)
        .byUuid(uuid)
        .orElseThrow(() -> malformed("no host has the UUID " + uuid));
  }

  /** The VM of that UUID, or without one the control domain of a host. */
  private Ref<Vm> vm(String uuid, String hostUuid) {
    Ref<Host> host = host(hostUuid);
    if (uuid.isEmpty()) {
      return state
          .rows(ApiModel.VM)
          .filter(row -> row.record().isControlDomain() && row.record().residentOn().equals(host))
          .<Ref<Vm>>map(Row::ref)
          .findFirst()
          .orElseThrow(() -> malformed("the host has no control domain"));
    }
    return state
        .table(ApiModel.VM)
        .byUuid(uuid)
        .orElseThrow(() -> malformed("no VM has the UUID " + uuid));
  }

  private String need(XmlElement element, String name) {
    return element.value(name).orElseThrow(() -> missing(name));
  }

  private String number(String text) {
    try {
      double _ = Double.parseDouble(text);
      return text;
    } catch (NumberFormatException _) {
      throw malformed("this is no number: " + text);
    }
  }

  private ApiError missing(String name) {
    return malformed("there is no " + name + " in it");
  }

  private ApiError malformed(String why) {
    return WlbClient.malformed(method, why, "".getBytes(UTF_8));
  }
}
