package io.keelson.control.console;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Console;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.List;

/** The URLs at which clients find consoles: on the host that runs the VM. */
public final class ConsoleLocations {

  /** The listener that serves them. */
  private record Listener(String scheme, int port) {
    String authority(String address) {
      String host = address.contains(":") ? "[" + address + "]" : address;
      boolean usual = port == (scheme.equals("https") ? 443 : 80);
      return usual ? host : host + ":" + port;
    }
  }

  private final Store store;
  private volatile Listener listener = new Listener("https", 443);

  public ConsoleLocations(Store store) {
    this.store = store;
  }

  /**
   * Says which listener serves consoles from now on, also those that exist already.
   *
   * @param scheme https or http
   */
  public void servedAt(String scheme, int port) {
    listener = new Listener(scheme, port);
    refresh();
  }

  /** Brings the URLs in line with where hosts are. */
  public void refresh() {
    // Written only when one is wrong: at most starts the port is the one it was.
    if (!moved(store.snapshot()).isEmpty()) {
      store.change(tx ->
          moved(tx)
              .forEach(row ->
                  tx.update(
                      ApiModel.CONSOLE,
                      row.ref(),
                      c -> c.with(b -> b.location(location(tx, row))))));
    }
  }

  /** The URL of a console of a VM on that host. */
  public String of(Host host, Ref<Console> console) {
    Listener at = listener;
    return at.scheme() + "://" + at.authority(host.address()) + "/console?ref=" + console.text();
  }

  /** The URL of the host's API, at the same listener. */
  public String root(Host host) {
    Listener at = listener;
    return at.scheme() + "://" + at.authority(host.address()) + "/";
  }

  private List<Row<Console>> moved(Snapshot state) {
    return state
        .rows(ApiModel.CONSOLE)
        .filter(row -> !row.record().location().equals(location(state, row)))
        .toList();
  }

  private String location(Snapshot state, Row<Console> row) {
    return state
        .find(ApiModel.VM, row.record().vm())
        .map(Vm::residentOn)
        .flatMap(host -> state.find(ApiModel.HOST, host))
        .map(host -> of(host, row.ref()))
        .orElse(row.record().location());
  }
}
