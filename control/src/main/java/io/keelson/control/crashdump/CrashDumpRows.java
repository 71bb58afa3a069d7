package io.keelson.control.crashdump;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.HostCrashdump;
import io.keelson.control.Recovery;
import io.keelson.control.Resources;
import io.keelson.host.CrashDumps;
import io.keelson.host.CrashDumps.Dump;
import io.keelson.host.DriverException;
import io.keelson.store.Row;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the records and the hosts' dumps together: a machine that has crashed starts anew. */
public record CrashDumpRows(Store store, CrashDumps dumps) implements Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(CrashDumpRows.class);

  public CrashDumpRows(Resources resources) {
    this(resources.store(), resources.drivers().machine().crashDumps());
  }

  @Override
  public void recover() {
    for (Row<Host> host : store.snapshot().rows(ApiModel.HOST).toList()) {
      try {
        List<Dump> found = dumps.list(UUID.fromString(host.record().uuid()));
        if (!found.isEmpty() || !host.record().crashdumps().isEmpty()) {
          store.change(tx -> reconcile(tx, host.ref(), found));
        }
      } catch (DriverException e) {
        LOG.warn("the crash dumps of {} cannot be listed", host.record().nameLabel(), e);
      }
    }
  }

  private static void reconcile(Transaction tx, Ref<Host> host, List<Dump> found) {
    Map<String, Dump> missing =
        found.stream().collect(Collectors.toMap(Dump::name, Function.identity()));
    for (Ref<HostCrashdump> ref : tx.get(ApiModel.HOST, host).crashdumps()) {
      Dump dump = missing.remove(tx.get(ApiModel.HOST_CRASHDUMP, ref).filename());
      if (dump == null) {
        tx.delete(ApiModel.HOST_CRASHDUMP, ref);
      } else {
        tx.update(ApiModel.HOST_CRASHDUMP, ref, r -> r.with(b -> b.size(dump.sizeBytes())));
      }
    }
    missing
        .values()
        .forEach(dump ->
            tx.create(
                ApiModel.HOST_CRASHDUMP,
                ApiModel.HOST_CRASHDUMP
                    .blank()
                    .with(b ->
                        b.uuid(UUID.randomUUID().toString())
                            .host(host)
                            .timestamp(dump.timestamp())
                            .size(dump.sizeBytes())
                            .filename(dump.name()))));
  }
}
