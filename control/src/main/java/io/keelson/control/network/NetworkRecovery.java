package io.keelson.control.network;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vif;
import io.keelson.control.Recovery;
import io.keelson.store.Row;
import io.keelson.store.Store;
import java.util.List;
import java.util.Map;

/** Releases network cards from operations that the last run of the server did not end. */
public record NetworkRecovery(Store store) implements Recovery {

  @Override
  public void recover() {
    List<Ref<Vif>> claimed =
        store
            .snapshot()
            .rows(ApiModel.VIF)
            .filter(row -> !row.record().currentOperations().isEmpty())
            .map(Row::ref)
            .toList();
    if (!claimed.isEmpty()) {
      store.change(tx ->
          claimed.forEach(vif ->
              tx.update(ApiModel.VIF, vif, v -> v.with(b -> b.currentOperations(Map.of())))));
    }
  }
}
