package io.keelson.control.database;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.MessageSpec;
import io.keelson.api.Ref;
import io.keelson.api.messages.DrTaskMessages;
import io.keelson.api.messages.PbdLifecycle;
import io.keelson.api.messages.SrLifecycle;
import io.keelson.api.model.DrTask;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pbd;
import io.keelson.api.model.Sm;
import io.keelson.api.model.Sr;
import io.keelson.control.rules.OnlyPool;
import io.keelson.control.storage.MetadataDisks;
import io.keelson.control.vm.power.OwnCall;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Disaster recovery sessions: they bring repositories of a lost pool in, so that its database can
 * be opened and its VMs recovered.
 *
 * @param repositories finds, introduces and forgets repositories
 * @param connections attaches and detaches them
 */
record DrTaskMessagesHandler(Store store, SrLifecycle repositories, PbdLifecycle connections)
    implements DrTaskMessages {
  private static final Logger LOG = LoggerFactory.getLogger(DrTaskMessagesHandler.class);

  /**
   * Repositories that are known already are left as they are. When one cannot be attached on every
   * host, none is brought in.
   *
   * @throws ApiError SR_UNKNOWN_DRIVER; OPERATION_NOT_ALLOWED for a driver that cannot hold copies
   *     of a database; what SR.probe and PBD.plug say; TASK_CANCELLED
   */
  @Override
  public Ref<DrTask> create(
      Call call, String type, Map<String, String> deviceConfig, List<String> whitelist) {
    Snapshot state = store.snapshot();
    requireMetadata(state, type);
    Ref<Host> master = OnlyPool.row(state).record().master();
    String probed =
        repositories.probe(own(SrLifecycle.Specs.PROBE), master, deviceConfig, type, Map.of());
    Set<String> wanted =
        whitelist.stream().map(w -> w.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    List<String> found =
        FoundRepositories.uuids(probed).stream()
            .filter(wanted::contains)
            .filter(uuid -> state.table(ApiModel.SR).byUuid(uuid).isEmpty())
            .toList();
    Ref<DrTask> task =
        store.transact(tx ->
            tx.create(
                ApiModel.DR_TASK, DrTask.builder().uuid(UUID.randomUUID().toString()).build()));
    try {
      for (int i = 0; i < found.size(); i++) {
        if (call.cancelled()) {
          throw ApiErrors.taskCancelled(call.task().text());
        }
        bring(task, found.get(i), type, deviceConfig);
        call.progress((i + 1.0) / found.size());
      }
    } catch (RuntimeException failure) {
      takeBack(task);
      throw failure;
    }
    return task;
  }

  /**
   * Repositories that a VM has come to use stay.
   *
   * @throws ApiError HANDLE_INVALID, and what PBD.unplug and SR.forget say
   */
  @Override
  public void destroy(Call call, Ref<DrTask> self) {
    for (Ref<Sr> sr : store.snapshot().get(ApiModel.DR_TASK, self).introducedSrs()) {
      if (IntroducedSrs.isUsed(store.snapshot(), sr)) {
        store.change(tx -> IntroducedSrs.keep(tx, sr));
      } else {
        remove(sr);
      }
    }
    store.change(tx -> tx.delete(ApiModel.DR_TASK, self));
  }

  private static void requireMetadata(Snapshot state, String type) {
    Sm driver =
        state
            .rows(ApiModel.SM)
            .map(Row::record)
            .filter(sm -> sm.type().equals(type))
            .findFirst()
            .orElseThrow(() -> ApiErrors.srUnknownDriver(type));
    if (!driver.features().containsKey(MetadataDisks.FEATURE)) {
      throw ApiErrors.operationNotAllowed("Disaster recovery not supported on SRs of type " + type);
    }
  }

  private void bring(Ref<DrTask> task, String uuid, String type, Map<String, String> config) {
    Ref<Sr> sr =
        repositories.introduce(
            own(SrLifecycle.Specs.INTRODUCE),
            uuid,
            uuid,
            "Brought in for disaster recovery",
            type,
            "",
            true,
            Map.of());
    store.change(tx -> tx.update(ApiModel.SR, sr, s -> s.with(b -> b.introducedBy(task))));
    for (Row<Host> host : store.snapshot().rows(ApiModel.HOST).toList()) {
      Pbd wanted = ApiModel.PBD.blank().with(b -> b.sr(sr).host(host.ref()).deviceConfig(config));
      Ref<Pbd> pbd = connections.create(own(PbdLifecycle.Specs.CREATE), wanted);
      connections.plug(own(PbdLifecycle.Specs.PLUG), pbd);
    }
  }

  private void takeBack(Ref<DrTask> task) {
    Optional<DrTask> made = store.snapshot().find(ApiModel.DR_TASK, task);
    try {
      made.ifPresent(t -> t.introducedSrs().forEach(this::remove));
      store.change(tx -> tx.delete(ApiModel.DR_TASK, task));
    } catch (ApiError left) {
      LOG.warn("{} and its repositories stay: {}", task, left.getMessage());
    }
  }

  private void remove(Ref<Sr> sr) {
    for (Ref<Pbd> pbd : store.snapshot().get(ApiModel.SR, sr).pbds()) {
      connections.unplug(own(PbdLifecycle.Specs.UNPLUG), pbd);
    }
    repositories.forget(own(SrLifecycle.Specs.FORGET), sr);
  }

  private static Call own(MessageSpec message) {
    return new OwnCall(message, Ref.fresh());
  }
}
