package io.keelson.control.storage;

import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VdiSettings;
import io.keelson.api.model.OnBoot;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Vdi;
import io.keelson.store.Store;
import java.time.Instant;
import java.util.function.Consumer;

/** The setters of VDI. */
record VdiSettingsHandler(StorageParts parts) implements VdiSettings {

  @Override
  public void setAllowCaching(Call call, Ref<Vdi> self, boolean value) {
    store()
        .change(tx -> {
          SetOnBoot.checkHalted(tx, self);
          tx.update(ApiModel.VDI, self, vdi -> vdi.with(b -> b.allowCaching(value)));
        });
  }

  @Override
  public void setIsASnapshot(Call call, Ref<Vdi> self, boolean value) {
    set(self, b -> b.isASnapshot(value));
  }

  @Override
  public void setManaged(Call call, Ref<Vdi> self, boolean value) {
    set(self, b -> b.managed(value));
  }

  @Override
  public void setMetadataOfPool(Call call, Ref<Vdi> self, Ref<Pool> value) {
    set(self, b -> b.metadataOfPool(value));
  }

  @Override
  public void setMissing(Call call, Ref<Vdi> self, boolean value) {
    set(self, b -> b.missing(value));
  }

  @Override
  public void setNameDescription(Call call, Ref<Vdi> self, String value) {
    set(self, b -> b.nameDescription(value));
  }

  @Override
  public void setNameLabel(Call call, Ref<Vdi> self, String value) {
    set(self, b -> b.nameLabel(value));
  }

  @Override
  public void setOnBoot(Call call, Ref<Vdi> self, OnBoot value) {
    SetOnBoot steps = new SetOnBoot(parts.drivers(), self, value);
    parts.run(call, steps);
  }

  @Override
  public void setPhysicalUtilisation(Call call, Ref<Vdi> self, long value) {
    set(self, b -> b.physicalUtilisation(value));
  }

  @Override
  public void setReadOnly(Call call, Ref<Vdi> self, boolean value) {
    set(self, b -> b.readOnly(value));
  }

  @Override
  public void setSharable(Call call, Ref<Vdi> self, boolean value) {
    set(self, b -> b.sharable(value));
  }

  @Override
  public void setSnapshotOf(Call call, Ref<Vdi> self, Ref<Vdi> value) {
    set(self, b -> b.snapshotOf(value));
  }

  @Override
  public void setSnapshotTime(Call call, Ref<Vdi> self, Instant value) {
    set(self, b -> b.snapshotTime(value));
  }

  /** For storage drivers: the repository's sum follows. */
  @Override
  public void setVirtualSize(Call call, Ref<Vdi> self, long value) {
    store()
        .change(tx -> {
          long grown = SrSpace.size(value) - tx.get(ApiModel.VDI, self).virtualSize();
          Vdi vdi = tx.update(ApiModel.VDI, self, v -> v.with(b -> b.virtualSize(value)));
          tx.update(
              ApiModel.SR,
              vdi.sr(),
              sr -> sr.with(b -> b.virtualAllocation(sr.virtualAllocation() + grown)));
        });
  }

  private void set(Ref<Vdi> self, Consumer<Vdi.Builder> change) {
    store().change(tx -> tx.update(ApiModel.VDI, self, vdi -> vdi.with(change)));
  }

  private Store store() {
    return parts.resources().store();
  }
}
