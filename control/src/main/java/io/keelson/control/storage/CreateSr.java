package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Sm;
import io.keelson.api.model.Sr;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.rules.HostId;
import io.keelson.host.Progress;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Makes a repository and connects hosts to it: the one named, or all when it is shared.
 *
 * @param wanted its record
 */
record CreateSr(
    StorageDrivers drivers, Ref<Host> host, Map<String, String> config, long size, Sr wanted)
    implements Steps<CreateSr.Plan, CreateSr.Made> {

  /**
   * What is to be made.
   *
   * @param at by host, the one named first
   * @param opened the configuration with passwords
   */
  record Plan(Ref<Sr> ref, Map<Ref<Host>, SrAccess> at, Map<String, String> opened) {}

  /** The repository that was made, and what is in it. */
  record Made(Ref<Sr> sr, SrScan found) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    checkType(tx, wanted.type());
    Ref<Sr> ref = Ref.fresh();
    UUID uuid = UUID.randomUUID();
    Map<Ref<Host>, SrAccess> at = new LinkedHashMap<>();
    at.put(host, access(tx, ref, uuid, host));
    if (wanted.shared()) {
      tx.rows(ApiModel.HOST)
          .map(Row::ref)
          .forEach(other -> at.putIfAbsent(other, access(tx, ref, uuid, other)));
    }
    return new Plan(ref, at, DeviceSecrets.open(tx, config));
  }

  /**
   * @throws io.keelson.api.ApiError SR_UNKNOWN_DRIVER
   */
  static void checkType(Snapshot state, String type) {
    if (state.rows(ApiModel.SM).map(Row::record).map(Sm::type).noneMatch(type::equals)) {
      throw ApiErrors.srUnknownDriver(type);
    }
  }

  private SrAccess access(Snapshot state, Ref<Sr> ref, UUID uuid, Ref<Host> on) {
    UUID id = HostId.of(state, on);
    return new SrAccess(ref, uuid, id, wanted.type());
  }

  @Override
  public Made act(Plan plan, Progress progress) {
    SrAccess first = plan.at().values().iterator().next();
    drivers.with(
        first,
        size,
        driver -> {
          driver.create(first.host(), first.sr(), plan.opened(), size);
          return driver;
        });
    try {
      plan.at().values().forEach(at -> drivers.attach(at, plan.opened()));
      return new Made(plan.ref(), SrScan.of(drivers, first));
    } catch (RuntimeException failure) {
      drivers.attach(first, plan.opened());
      drivers.delete(first);
      throw failure;
    }
  }

  @Override
  public void settle(Transaction tx, Plan plan, Made made) {
    SrAccess first = plan.at().values().iterator().next();
    String contentType =
        wanted.contentType().isEmpty()
            ? drivers.driver(wanted.type()).kind().contentType()
            : wanted.contentType();
    tx.create(
        ApiModel.SR,
        plan.ref(),
        wanted.with(b -> b.uuid(first.sr().toString()).contentType(contentType)));
    plan.at().keySet().forEach(on -> SrRecords.connect(tx, plan.ref(), on, config, true));
    made.found().settle(tx, plan.ref());
  }
}
