package io.keelson.control.metrics;

import io.keelson.api.ApiModel;
import io.keelson.api.model.Host;
import io.keelson.control.Recovery;
import io.keelson.control.Resources;
import io.keelson.control.host.HostStates;
import io.keelson.host.DriverException;
import io.keelson.host.Machine;
import io.keelson.store.Row;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which hosts are live and how much memory they have. No record keeps that, and VMs that
 * crashed or rebooted while no server ran are started again before the first {@link MetricsRefresh}
 * can be: without this no host would have room for them.
 */
public record HostsAtStart(Resources resources) implements Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(HostsAtStart.class);

  @Override
  public void recover() {
    List<Shown> shown = new ArrayList<>();
    Machine machine = resources.drivers().machine();
    for (Row<Host> host : resources.store().snapshot().rows(ApiModel.HOST).toList()) {
      try {
        UUID id = UUID.fromString(host.record().uuid());
        Machine.Facts facts = machine.facts(id);
        boolean _ = HostStates.notice(resources.store(), host, facts);
        shown.add(new HostReading(host.ref(), facts.memoryTotalBytes(), machine.load(id)));
      } catch (DriverException silent) {
        LOG.debug("{} does not answer", host.record().nameLabel(), silent);
        shown.add(new SilentHost(host.ref()));
      }
    }
    Instant second = resources.clock().instant().truncatedTo(ChronoUnit.SECONDS);
    resources.store().overlay(overlay -> shown.forEach(each -> each.write(overlay, second)));
  }
}
