package io.keelson.control.network;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Bond;
import io.keelson.api.model.Pif;
import io.keelson.api.model.PifMetrics;
import io.keelson.store.Derivation;
import io.keelson.store.ObjectId;
import io.keelson.store.Overlay;
import io.keelson.store.Row;
import java.util.List;
import java.util.Set;

/** Keeps the number of a bond's links right, as links of its interfaces come and go. */
public final class BondLinks implements Derivation {
  private static final Set<ApiClass<?>> TELLING =
      Set.of(ApiModel.BOND, ApiModel.PIF, ApiModel.PIF_METRICS);

  @Override
  public void derive(List<ObjectId<?>> changed, Overlay state) {
    if (changed.stream().noneMatch(id -> TELLING.contains(id.apiClass()))) {
      return;
    }
    for (Row<Bond> bond : state.rows(ApiModel.BOND).toList()) {
      long up = bond.record().slaves().stream().filter(pif -> hasLink(state, pif)).count();
      if (up != bond.record().linksUp()) {
        state.set(ApiModel.BOND, bond.ref(), b -> b.with(links -> links.linksUp(up)));
      }
    }
  }

  private static boolean hasLink(Overlay state, Ref<Pif> pif) {
    return state
        .find(ApiModel.PIF, pif)
        .flatMap(p -> state.find(ApiModel.PIF_METRICS, p.metrics()))
        .filter(PifMetrics::carrier)
        .isPresent();
  }
}
