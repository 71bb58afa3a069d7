package io.keelson.control.check;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.api.Ref;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Task;
import io.keelson.api.model.TaskStatusType;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.Vm;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What the rules of operations keep true of the objects besides what the store itself does: claims
 * belong to tasks that go on, places are taken once, power states fit with hosts and drives, and
 * the space of repositories is that of their disks.
 */
public final class PoolCheck {
  private static final String CLAIMS = "current_operations";

  private final Snapshot state;
  private final List<Violation> found = new ArrayList<>();

  private PoolCheck(Snapshot state) {
    this.state = state;
  }

  /** Everything that is wrong, class by class. */
  public static List<Violation> of(Snapshot state) {
    PoolCheck check = new PoolCheck(state);
    ApiModel.CLASSES.stream().filter(c -> c != ApiModel.TASK).forEach(check::claims);
    check.places();
    state.rows(ApiModel.POOL).forEach(check::pool);
    state.rows(ApiModel.VM).forEach(check::vm);
    state.rows(ApiModel.VBD).forEach(check::vbd);
    state.rows(ApiModel.SR).forEach(check::sr);
    return List.copyOf(check.found);
  }

  private <R extends ApiRecord> void claims(ApiClass<R> apiClass) {
    apiClass
        .field(CLAIMS)
        .filter(f -> !f.isVolatile())
        .ifPresent(f -> state.rows(apiClass).forEach(row -> claims(apiClass, row, f)));
  }

  private <R extends ApiRecord, T> void claims(ApiClass<R> apiClass, Row<R> row, Field<R, T> f) {
    if (f.of(row.record()) instanceof Map<?, ?> claims) {
      for (Object key : claims.keySet()) {
        String task = key.toString();
        if (!lives(Ref.of(task))) {
          add(apiClass, row, CLAIMS, "names the task " + task + ", which does not go on");
        }
      }
    }
  }

  private boolean lives(Ref<Task> task) {
    return state
        .find(ApiModel.TASK, task)
        .map(Task::status)
        .filter(s -> s == TaskStatusType.PENDING || s == TaskStatusType.CANCELLING)
        .isPresent();
  }

  private void places() {
    once(ApiModel.VBD, "userdevice", v -> List.of(v.vm(), v.userdevice()));
    once(ApiModel.VIF, "device", v -> List.of(v.vm(), v.device()));
    once(ApiModel.PBD, "SR", p -> List.of(p.host(), p.sr()));
    once(ApiModel.PIF, "device", p -> List.of(p.host(), p.device(), p.vlan()));
  }

  private <R extends ApiRecord> void once(
      ApiClass<R> apiClass, String field, Function<R, List<?>> place) {
    Map<List<?>, Ref<R>> taken = new HashMap<>();
    state
        .rows(apiClass)
        .forEach(row -> {
          Ref<R> other = taken.putIfAbsent(place.apply(row.record()), row.ref());
          if (other != null) {
            add(apiClass, row, field, "is a place that " + other.text() + " has too");
          }
        });
  }

  private void pool(Row<Pool> row) {
    if (state.table(ApiModel.POOL).size() != 1) {
      add(ApiModel.POOL, row, "uuid", "is not the only pool's");
    }
    if (row.record().master().isNull()) {
      add(ApiModel.POOL, row, "master", "is no host");
    }
  }

  private void vm(Row<Vm> row) {
    Vm vm = row.record();
    boolean placed = !vm.residentOn().isNull();
    boolean active =
        switch (vm.powerState()) {
          case RUNNING, PAUSED -> true;
          case HALTED, SUSPENDED -> false;
        };
    if (active != placed) {
      add(
          ApiModel.VM,
          row,
          "resident_on",
          "is %s while the power state is %s"
              .formatted(placed ? "a host" : "no host", vm.powerState()));
    }
    if (vm.isATemplate() && active) {
      add(ApiModel.VM, row, "power_state", "says that a template runs");
    }
  }

  private void vbd(Row<Vbd> row) {
    Vbd vbd = row.record();
    if (vbd.empty() != vbd.vdi().isNull()) {
      add(
          ApiModel.VBD,
          row,
          "empty",
          vbd.empty() ? "is true, and there is a disk" : "is false, and there is no disk");
    }
    boolean halted =
        state
            .find(ApiModel.VM, vbd.vm())
            .map(vm ->
                switch (vm.powerState()) {
                  case HALTED -> true;
                  case RUNNING, PAUSED, SUSPENDED -> false;
                })
            .orElse(false);
    if (vbd.currentlyAttached() && halted) {
      add(ApiModel.VBD, row, "currently_attached", "is true, and the VM is halted");
    }
  }

  private void sr(Row<Sr> row) {
    long disks =
        row.record().vdis().stream()
            .flatMap(vdi -> state.find(ApiModel.VDI, vdi).stream())
            .mapToLong(vdi -> vdi.virtualSize())
            .sum();
    long says = row.record().virtualAllocation();
    if (says != disks) {
      add(
          ApiModel.SR,
          row,
          "virtual_allocation",
          "is %d, and the disks have %d bytes together".formatted(says, disks));
    }
  }

  private <R extends ApiRecord> void add(
      ApiClass<R> apiClass, Row<R> row, String field, String what) {
    String object =
        apiClass.field("uuid").map(f -> f.of(row.record()).toString()).orElse(row.ref().text());
    found.add(new Violation(apiClass.name(), object, field, what));
  }
}
