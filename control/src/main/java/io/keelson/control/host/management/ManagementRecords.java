package io.keelson.control.host.management;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pif;
import io.keelson.api.model.Pool;
import io.keelson.control.rules.OnlyPool;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** By which of its interfaces a host is managed, as the records say. */
public final class ManagementRecords {
  /** Notes in a host's other_config that somebody has chosen, and is to be heeded. */
  private static final String CHOICE = "management_interface";

  private static final String CHOSEN = "chosen";
  private static final String NONE = "none";

  /** Where a host without a management interface is reached, from itself alone. */
  private static final String LOCAL = "127.0.0.1";

  private ManagementRecords() {}

  /** Whether an interface, or none, was chosen; else the server's configuration alone counts. */
  public static boolean decided(Host host) {
    return host.otherConfig().containsKey(CHOICE);
  }

  /** Whether it was decided that there is none. */
  static boolean off(Host host) {
    return NONE.equals(host.otherConfig().get(CHOICE));
  }

  static Optional<Row<Pif>> interfaceOf(Snapshot state, Ref<Host> host) {
    return interfaces(state, host).filter(row -> row.record().management()).findFirst();
  }

  static Stream<Row<Pif>> interfaces(Snapshot state, Ref<Host> host) {
    return state.rows(ApiModel.PIF).filter(row -> row.record().host().equals(host));
  }

  /** The address at which an interface is reached: of the kind that counts as its primary one. */
  static Optional<InetAddress> address(Pif pif) {
    String text = text(pif);
    return text.isEmpty() ? Optional.empty() : Optional.of(InetAddress.ofLiteral(text));
  }

  private static String text(Pif pif) {
    return switch (pif.primaryAddressType()) {
      case IPV4 -> pif.ip();
      case IPV6 -> pif.ipv6().stream().findFirst().orElse("").replaceFirst("/.*", "");
    };
  }

  /** Whether a host has another address than the interface that was chosen for it. */
  static boolean isElsewhere(Snapshot state, Row<Host> host) {
    return chosen(state, host.ref()).isPresent()
        && interfaceOf(state, host.ref())
            .filter(row -> !text(row.record()).equals(host.record().address()))
            .isPresent();
  }

  /** The address at which the host was chosen to be managed, if one was and there is one now. */
  static Optional<InetAddress> chosen(Snapshot state, Ref<Host> host) {
    Host record = state.get(ApiModel.HOST, host);
    return decided(record) && !off(record)
        ? interfaceOf(state, host).flatMap(row -> address(row.record()))
        : Optional.empty();
  }

  /**
   * @throws io.keelson.api.ApiError HA_IS_ENABLED
   */
  static void checkNoHa(Snapshot state) {
    if (OnlyPool.find(state).filter(Pool::haEnabled).isPresent()) {
      throw ApiErrors.haIsEnabled();
    }
  }

  static void choose(Transaction tx, Ref<Host> host, Ref<Pif> pif) {
    mark(tx, host, pif);
    decide(tx, host, CHOSEN, text(tx.get(ApiModel.PIF, pif)));
  }

  static void chooseNone(Transaction tx, Ref<Host> host) {
    mark(tx, host, Ref.none());
    decide(tx, host, NONE, LOCAL);
  }

  private static void mark(Transaction tx, Ref<Host> host, Ref<Pif> pif) {
    List<Row<Pif>> wrong =
        interfaces(tx, host)
            .filter(row -> row.record().management() != row.ref().equals(pif))
            .toList();
    wrong.forEach(row ->
        tx.update(ApiModel.PIF, row.ref(), p -> p.with(b -> b.management(row.ref().equals(pif)))));
  }

  private static void decide(Transaction tx, Ref<Host> host, String choice, String address) {
    Map<String, String> config = new HashMap<>(tx.get(ApiModel.HOST, host).otherConfig());
    config.put(CHOICE, choice);
    tx.update(
        ApiModel.HOST, host, h -> h.with(b -> b.otherConfig(Map.copyOf(config)).address(address)));
  }
}
