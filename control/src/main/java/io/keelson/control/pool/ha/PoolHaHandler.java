package io.keelson.control.pool.ha;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.PoolHa;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vdi;
import io.keelson.control.Resources;
import io.keelson.control.database.RedoLog;
import io.keelson.control.operation.PartCall;
import io.keelson.control.storage.LeaseDisks;
import io.keelson.control.storage.RedoDisks;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HA, on and off. */
record PoolHaHandler(
    Resources resources, LeaseDisks leases, RedoDisks logs, RedoLog log, HaWatch watch)
    implements PoolHa {
  private static final Logger LOG = LoggerFactory.getLogger(PoolHaHandler.class);

  /**
   * @throws ApiError HA_IS_ENABLED, HA_ENABLE_IN_PROGRESS, HA_DISABLE_IN_PROGRESS, HOST_OFFLINE,
   *     HA_NO_PLAN, INVALID_VALUE; HANDLE_INVALID, SR_NO_PBDS, SR_OPERATION_NOT_SUPPORTED,
   *     CANNOT_CREATE_STATE_FILE, SR_FULL; HA_HOST_CANNOT_ACCESS_STATEFILE,
   *     HA_HOST_CANNOT_SEE_PEERS
   */
  @Override
  public void enableHa(Call call, Set<Ref<Sr>> heartbeatSrs, Map<String, String> configuration) {
    EnableHa.Made _ =
        resources
            .operations()
            .run(
                call,
                new EnableHa(resources.store(), leases, logs, call, heartbeatSrs, configuration));
    log.awaitSettled();
  }

  /**
   * @throws ApiError HA_NOT_ENABLED, HA_ENABLE_IN_PROGRESS, HA_DISABLE_IN_PROGRESS
   */
  @Override
  public void disableHa(Call call) {
    List<Ref<Vdi>> disks = resources.operations().run(call, new DisableHa());
    watch.awaitRest();
    log.awaitSettled();
    for (Ref<Vdi> disk : disks) {
      destroy(call, disk);
    }
  }

  /** HA is off, whether or not its disks can be reached now; the next time uses what is left. */
  private void destroy(Call call, Ref<Vdi> disk) {
    try {
      if (resources.store().snapshot().find(ApiModel.VDI, disk).isPresent()) {
        leases.destroy(new PartCall(call, PoolHa.Specs.DISABLE_HA), disk);
      }
    } catch (ApiError left) {
      LOG.warn("{} is left: {}", disk, left.getMessage());
    }
  }
}
