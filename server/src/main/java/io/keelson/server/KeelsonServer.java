package io.keelson.server;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pool;
import io.keelson.control.Control;
import io.keelson.control.backup.PendingRestore;
import io.keelson.control.gate.HttpAction;
import io.keelson.control.host.Agent;
import io.keelson.control.network.Uplinks;
import io.keelson.control.rules.OnlyPool;
import io.keelson.control.session.Pauses;
import io.keelson.control.vm.power.LifecycleSettings;
import io.keelson.host.Drivers;
import io.keelson.http.HttpConfig;
import io.keelson.http.HttpLimits;
import io.keelson.http.HttpServer;
import io.keelson.http.Route;
import io.keelson.http.tls.TlsPolicy;
import io.keelson.server.cli.CliEndpoint;
import io.keelson.server.console.ConsoleEndpoint;
import io.keelson.server.console.SnapshotEndpoint;
import io.keelson.server.firstboot.FirstBoot;
import io.keelson.server.metrics.Exposition;
import io.keelson.server.metrics.Health;
import io.keelson.server.metrics.HealthEndpoint;
import io.keelson.server.metrics.StatisticsEndpoint;
import io.keelson.server.transfer.AuditEndpoint;
import io.keelson.server.transfer.BlobEndpoint;
import io.keelson.server.transfer.DatabaseEndpoint;
import io.keelson.server.transfer.HostBackupEndpoint;
import io.keelson.server.transfer.PatchEndpoint;
import io.keelson.server.transfer.RawVdiEndpoint;
import io.keelson.server.transfer.StatusReportEndpoint;
import io.keelson.server.transfer.TransferEndpoint;
import io.keelson.server.transfer.VmExchangeEndpoint;
import io.keelson.server.transfer.WlbEndpoint;
import io.keelson.store.JournaledStore;
import io.keelson.store.Store;
import io.keelson.store.StoreConfig;
import io.keelson.wire.XmlReplies;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server, put together: drivers, store, control and edge, opened in this order. */
final class KeelsonServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeelsonServer.class);

  /** What may be open to programs that watch the server and have no account. */
  private static final Set<HttpAction> MONITORING =
      Set.of(HttpAction.GET_METRICS, HttpAction.GET_HEALTH);

  private final RunFiles files;
  private final Drivers drivers;
  private final Store store;
  private final Control control;
  private final HttpServer http;
  private final ServerLog log;

  private KeelsonServer(
      RunFiles files,
      Drivers drivers,
      Store store,
      Control control,
      HttpServer http,
      ServerLog log) {
    this.files = files;
    this.drivers = drivers;
    this.store = store;
    this.control = control;
    this.http = http;
    this.log = log;
  }

  /**
   * Starts everything; calls are answered from when this returns.
   *
   * @param ends is told when this server is to end
   */
  static KeelsonServer start(
      ServeOptions options, Environment environment, Consumer<Agent.End> ends) throws IOException {
    Path data = Files.createDirectories(options.data());
    PendingRestore.apply(data);
    Clock clock = Clock.systemUTC();
    ServerLog log = ServerLog.open();
    // The drivers look at the machine while the store reads its files: neither waits for the other.
    CompletableFuture<Drivers> detected =
        CompletableFuture.supplyAsync(
            () -> LocalDrivers.open(options, environment), Thread::startVirtualThread);
    Store store = JournaledStore.open(new StoreConfig(data.resolve("store"), Control.derivation()));
    Drivers drivers = detected.join();
    Doors doors = new Doors(options, options.driver() == ServeOptions.Driver.QEMU);
    Control control =
        new Control(
            store,
            drivers,
            clock,
            XmlReplies::valueText,
            Pauses.REAL,
            LifecycleSettings.withKernels(kernelFolders(data, environment)),
            data,
            new ServerAgent(ends, options.tlsListen().map(_ -> data.resolve("tls")), log, doors));
    new FirstBoot(store, drivers, settings(options, environment), clock)
        .run(new RootAccount(data, environment.rootPassword()).preparedFor(store.snapshot()));
    control.start();
    GateEndpoint gate =
        new GateEndpoint(control.gate(), options.metricsLogin() ? Set.of() : MONITORING);
    HttpServer http =
        HttpServer.start(
            listeners(options, doors.policy()),
            gate,
            gate,
            routes(store, drivers, control, data),
            new Exposition(store, control.statistics())::text);
    http.tlsAddress()
        .ifPresentOrElse(
            a -> control.consoleLocations().servedAt("https", a.getPort()),
            () ->
                http.plainAddress()
                    .ifPresent(a -> control.consoleLocations().servedAt("http", a.getPort())));
    doors.open(http);
    control.management().follow();
    RunFiles files = new RunFiles(data);
    files.write(http, options.localListener().map(HttpConfig.LocalListener::path));
    http.plainAddress().ifPresent(a -> LOG.info("serving XenAPI on http://{}", text(a)));
    http.tlsAddress().ifPresent(a -> LOG.info("serving XenAPI on https://{}", text(a)));
    return new KeelsonServer(files, drivers, store, control, http, log);
  }

  /** Where the plain listener is. */
  InetSocketAddress listen() {
    return http.plainAddress().orElseThrow();
  }

  /** Where the TLS listener is, if there is one. */
  Optional<InetSocketAddress> tlsListen() {
    return http.tlsAddress();
  }

  private static List<Route> routes(Store store, Drivers drivers, Control control, Path data) {
    TransferEndpoint transfers = new TransferEndpoint(control.transfers());
    return Stream.of(
            new CliEndpoint(control.gate(), store).routes(),
            new ConsoleEndpoint(control.consoles()).routes(),
            new SnapshotEndpoint(control.consoles()).routes(),
            new StatisticsEndpoint(control.statistics(), () -> master(store)).routes(),
            new HealthEndpoint(new Health(store, drivers, data)).routes(),
            new AuditEndpoint(transfers, control.audit()).routes(),
            new ConsistencyEndpoint(store, drivers.storages()).routes(),
            new BlobEndpoint(transfers, control.blobs()).routes(),
            new StatusReportEndpoint(transfers, control.report(), () -> coordinator(store))
                .routes(),
            new DatabaseEndpoint(transfers, control.restore()).routes(),
            new HostBackupEndpoint(transfers, control.backup()).routes(),
            new VmExchangeEndpoint(transfers, control.exchange()).routes(),
            new RawVdiEndpoint(transfers, control.rawVdis(data.resolve("scratch"))).routes(),
            new PatchEndpoint(transfers, control.patches()).routes(),
            new WlbEndpoint(transfers, control.wlbReports(data.resolve("scratch"))).routes())
        .flatMap(List::stream)
        .toList();
  }

  private static Optional<UUID> master(Store store) {
    return store
        .snapshot()
        .find(ApiModel.HOST, coordinator(store))
        .map(host -> UUID.fromString(host.uuid()));
  }

  private static Ref<Host> coordinator(Store store) {
    return OnlyPool.find(store.snapshot()).map(Pool::master).orElseGet(Ref::none);
  }

  /** Where the kernels are that VMs may name: beside the data, the built-in guest's, the usual. */
  private static List<Path> kernelFolders(Path data, Environment environment) {
    return Stream.concat(
            Stream.of(data.resolve("guest"), Path.of("/boot/guest")), environment.guest().stream())
        .toList();
  }

  private static FirstBoot.Settings settings(ServeOptions options, Environment environment) {
    InetAddress address = options.listen().getAddress();
    return new FirstBoot.Settings(
        options.data(),
        environment.guest(),
        address.getHostAddress(),
        options.hosts(),
        switch (options.driver()) {
          case QEMU -> options.uplinks();
          case SIM -> Uplinks.ALL;
        });
  }

  private static HttpConfig listeners(ServeOptions options, TlsPolicy policy) {
    return new HttpConfig(
        Optional.of(options.listen()),
        options
            .tlsListen()
            .map(address ->
                new HttpConfig.TlsListener(
                    address, options.data().resolve("tls"), List.of(Doors.LOCAL), policy)),
        options.localListener(),
        HttpLimits.DEFAULT);
  }

  private static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  /** Ends the server: no more calls, then nothing in the background, then the store. VMs run on. */
  @Override
  public void close() {
    files.remove();
    http.close();
    control.close();
    drivers.compute().close();
    store.close();
    LOG.info("the server has ended; virtual machines run on");
    log.close();
  }
}
