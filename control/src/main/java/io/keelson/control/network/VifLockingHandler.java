package io.keelson.control.network;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VifLocking;
import io.keelson.api.model.Vif;
import io.keelson.api.model.VifLockingMode;
import io.keelson.store.Store;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What traffic of a network card is let through. No network driver filters traffic yet, so that
 * only a mode that lets all through can be chosen; the addresses are recorded.
 */
record VifLockingHandler(Store store) implements VifLocking {

  @Override
  public void addIpv4Allowed(Call call, Ref<Vif> self, String value) {
    set(
        self,
        v -> v.with(b -> b.ipv4Allowed(Addresses.plus(v.ipv4Allowed(), Addresses.v4(value)))));
  }

  @Override
  public void addIpv6Allowed(Call call, Ref<Vif> self, String value) {
    set(
        self,
        v -> v.with(b -> b.ipv6Allowed(Addresses.plus(v.ipv6Allowed(), Addresses.v6(value)))));
  }

  @Override
  public void removeIpv4Allowed(Call call, Ref<Vif> self, String value) {
    set(self, v -> v.with(b -> b.ipv4Allowed(Addresses.minus(v.ipv4Allowed(), value))));
  }

  @Override
  public void removeIpv6Allowed(Call call, Ref<Vif> self, String value) {
    set(self, v -> v.with(b -> b.ipv6Allowed(Addresses.minus(v.ipv6Allowed(), value))));
  }

  @Override
  public void setIpv4Allowed(Call call, Ref<Vif> self, List<String> value) {
    List<String> checked = value.stream().map(Addresses::v4).distinct().toList();
    set(self, v -> v.with(b -> b.ipv4Allowed(checked)));
  }

  @Override
  public void setIpv6Allowed(Call call, Ref<Vif> self, List<String> value) {
    List<String> checked = value.stream().map(Addresses::v6).distinct().toList();
    set(self, v -> v.with(b -> b.ipv6Allowed(checked)));
  }

  @Override
  public void setLockingMode(Call call, Ref<Vif> self, VifLockingMode value) {
    switch (value) {
      case NETWORK_DEFAULT, UNLOCKED -> set(self, v -> v.with(b -> b.lockingMode(value)));
      case LOCKED, DISABLED -> {
        store.snapshot().get(ApiModel.VIF, self);
        throw ApiErrors.valueNotSupported(
            "locking_mode", value.text(), "the network backend does not filter traffic");
      }
    }
  }

  private void set(Ref<Vif> self, UnaryOperator<Vif> change) {
    store.change(tx -> tx.update(ApiModel.VIF, self, change));
  }
}
