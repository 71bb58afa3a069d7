package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.SrSettings;
import io.keelson.api.model.Pbd;
import io.keelson.api.model.Sr;
import io.keelson.store.Store;
import java.util.Set;
import java.util.function.Consumer;

/** The setters of SR. */
record SrSettingsHandler(Store store) implements SrSettings {

  @Override
  public void setNameDescription(Call call, Ref<Sr> sr, String value) {
    set(sr, b -> b.nameDescription(value));
  }

  @Override
  public void setNameLabel(Call call, Ref<Sr> sr, String value) {
    set(sr, b -> b.nameLabel(value));
  }

  @Override
  public void setPhysicalSize(Call call, Ref<Sr> self, long value) {
    set(self, b -> b.physicalSize(value));
  }

  @Override
  public void setPhysicalUtilisation(Call call, Ref<Sr> self, long value) {
    set(self, b -> b.physicalUtilisation(value));
  }

  /** A repository that several hosts are connected to is shared. */
  @Override
  public void setShared(Call call, Ref<Sr> sr, boolean value) {
    store.change(tx -> {
      Set<Ref<Pbd>> pbds = tx.get(ApiModel.SR, sr).pbds();
      if (!value && pbds.size() > 1) {
        throw ApiErrors.srHasMultiplePbds(pbds.iterator().next().text());
      }
      tx.update(ApiModel.SR, sr, s -> s.with(b -> b.shared(value)));
    });
  }

  @Override
  public void setVirtualAllocation(Call call, Ref<Sr> self, long value) {
    set(self, b -> b.virtualAllocation(value));
  }

  private void set(Ref<Sr> self, Consumer<Sr.Builder> change) {
    store.change(tx -> tx.update(ApiModel.SR, self, sr -> sr.with(change)));
  }
}
