package io.keelson.control.protection;

import io.keelson.api.ApiModel;
import io.keelson.api.BoundMessage;
import io.keelson.api.Ref;
import io.keelson.api.messages.PoolArchives;
import io.keelson.api.messages.VdiProvisioning;
import io.keelson.api.messages.VmCheckpoints;
import io.keelson.api.messages.VmProvisioning;
import io.keelson.api.messages.VmSnapshots;
import io.keelson.api.messages.VmppConfiguration;
import io.keelson.api.messages.VmppSettings;
import io.keelson.api.model.Vmpp;
import io.keelson.control.Resources;
import io.keelson.control.alert.Alerts;
import io.keelson.control.exchange.VmExchange;
import io.keelson.control.mail.SmtpClient;
import io.keelson.store.Row;
import io.keelson.store.Store;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/** Protection policies, put together; one for a server. */
public final class Protection {
  private final Store store;
  private final VmppSettingsHandler settings;
  private final PoolArchivesHandler places;
  private final PolicyTimer timer;

  /** What the work is done with: the messages of VMs and disks. */
  public record Parts(
      VmSnapshots snapshots,
      VmCheckpoints checkpoints,
      VmProvisioning vms,
      VdiProvisioning disks) {}

  /**
   * @param exchange writes the archives
   * @param zone of the host's local time
   * @param executor does what is due
   */
  public Protection(
      Resources resources, Parts parts, VmExchange exchange, ZoneId zone, Executor executor) {
    this.store = resources.store();
    PolicyAlerts alerts =
        new PolicyAlerts(store, new Alerts(resources.clock()), SmtpClient.usual());
    Archives archives =
        new Archives(
            store,
            resources.clock(),
            resources.drivers().shares(),
            new ArchiveFile(store, exchange),
            alerts);
    Backups backups =
        new Backups(
            store,
            resources.clock(),
            parts.snapshots(),
            parts.checkpoints(),
            new Retention(store, parts.vms(), parts.disks()),
            archives,
            alerts);
    this.settings = new VmppSettingsHandler(store, backups, archives, alerts);
    this.places =
        new PoolArchivesHandler(store, resources.drivers().shares(), resources.tasks()::text);
    this.timer =
        new PolicyTimer(store, resources.clock(), zone, executor, backups, archives, alerts);
  }

  public List<BoundMessage> messages() {
    return Stream.of(
            VmppConfiguration.bind(new VmppConfigurationHandler(store)),
            VmppSettings.bind(settings),
            PoolArchives.bind(places))
        .flatMap(List::stream)
        .toList();
  }

  /** Begins what is due by now. */
  public void tick() {
    timer.tick();
  }

  /** Nothing that was under way when the server last ended still is. */
  public void recover() {
    List<Ref<Vmpp>> running =
        store
            .snapshot()
            .rows(ApiModel.VMPP)
            .filter(row -> row.record().isBackupRunning() || row.record().isArchiveRunning())
            .<Ref<Vmpp>>map(Row::ref)
            .toList();
    if (!running.isEmpty()) {
      store.change(tx ->
          running.forEach(policy ->
              tx.update(
                  ApiModel.VMPP,
                  policy,
                  p -> p.with(b -> b.isBackupRunning(false).isArchiveRunning(false)))));
    }
  }
}
