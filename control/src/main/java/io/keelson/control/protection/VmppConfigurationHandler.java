package io.keelson.control.protection;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmppConfiguration;
import io.keelson.api.model.Cls;
import io.keelson.api.model.Message;
import io.keelson.api.model.Vmpp;
import io.keelson.store.Row;
import io.keelson.store.Store;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** VMPP.create and VMPP.destroy. */
record VmppConfigurationHandler(Store store) implements VmppConfiguration {

  /**
   * @throws io.keelson.api.ApiError INVALID_VALUE, VMPP_ARCHIVE_MORE_FREQUENT_THAN_BACKUP
   */
  @Override
  public Ref<Vmpp> create(Call call, Vmpp args) {
    Vmpp wanted =
        PolicyRules.checked(args)
            .with(b ->
                b.uuid(UUID.randomUUID().toString())
                    .backupLastRunTime(Instant.EPOCH)
                    .archiveLastRunTime(Instant.EPOCH)
                    .isBackupRunning(false)
                    .isArchiveRunning(false)
                    .recentAlerts(List.of()));
    return store.transact(tx -> {
      Map<String, String> target = PolicySecrets.keep(tx, Map.of(), wanted.archiveTargetConfig());
      return tx.create(ApiModel.VMPP, wanted.with(b -> b.archiveTargetConfig(target)));
    });
  }

  /**
   * Its alerts go with it; the snapshots that it took stay.
   *
   * @throws io.keelson.api.ApiError HANDLE_INVALID, VMPP_HAS_VM
   */
  @Override
  public void destroy(Call call, Ref<Vmpp> self) {
    store.change(tx -> {
      Vmpp policy = tx.get(ApiModel.VMPP, self);
      if (!policy.vms().isEmpty()) {
        throw ApiErrors.vmppHasVm();
      }
      PolicySecrets.drop(tx, policy.archiveTargetConfig());
      List<Ref<Message>> alerts =
          tx.rows(ApiModel.MESSAGE)
              .filter(row -> row.record().cls() == Cls.VMPP)
              .filter(row -> row.record().objUuid().equals(policy.uuid()))
              .<Ref<Message>>map(Row::ref)
              .toList();
      alerts.forEach(alert -> tx.delete(ApiModel.MESSAGE, alert));
      tx.delete(ApiModel.VMPP, self);
    });
  }
}
