package io.keelson.control.network;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VifLocking;
import io.keelson.api.model.Vif;
import io.keelson.api.model.VifLockingMode;
import io.keelson.control.Resources;
import io.keelson.host.Drivers;
import io.keelson.store.Snapshot;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** What traffic of a network card is let through; of a plugged one at once. */
record VifLockingHandler(Resources resources) implements VifLocking {

  @Override
  public void addIpv4Allowed(Call call, Ref<Vif> self, String value) {
    set(
        call,
        self,
        v -> v.with(b -> b.ipv4Allowed(Addresses.plus(v.ipv4Allowed(), Addresses.v4(value)))));
  }

  @Override
  public void addIpv6Allowed(Call call, Ref<Vif> self, String value) {
    set(
        call,
        self,
        v -> v.with(b -> b.ipv6Allowed(Addresses.plus(v.ipv6Allowed(), Addresses.v6(value)))));
  }

  @Override
  public void removeIpv4Allowed(Call call, Ref<Vif> self, String value) {
    set(call, self, v -> v.with(b -> b.ipv4Allowed(Addresses.minus(v.ipv4Allowed(), value))));
  }

  @Override
  public void removeIpv6Allowed(Call call, Ref<Vif> self, String value) {
    set(call, self, v -> v.with(b -> b.ipv6Allowed(Addresses.minus(v.ipv6Allowed(), value))));
  }

  @Override
  public void setIpv4Allowed(Call call, Ref<Vif> self, List<String> value) {
    List<String> checked = value.stream().map(Addresses::v4).distinct().toList();
    set(call, self, v -> v.with(b -> b.ipv4Allowed(checked)));
  }

  @Override
  public void setIpv6Allowed(Call call, Ref<Vif> self, List<String> value) {
    List<String> checked = value.stream().map(Addresses::v6).distinct().toList();
    set(call, self, v -> v.with(b -> b.ipv6Allowed(checked)));
  }

  @Override
  public void setLockingMode(Call call, Ref<Vif> self, VifLockingMode value) {
    switch (value) {
      case NETWORK_DEFAULT, UNLOCKED -> {}
      case LOCKED, DISABLED ->
          checkGuards(
              resources.store().snapshot(), resources.drivers(), "locking_mode", value.text());
    }
    set(call, self, v -> v.with(b -> b.lockingMode(value)));
  }

  /**
   * That a host there is can filter what guests send.
   *
   * @throws io.keelson.api.ApiError VALUE_NOT_SUPPORTED
   */
  static void checkGuards(Snapshot state, Drivers drivers, String field, String value) {
    boolean possible =
        state
            .rows(ApiModel.HOST)
            .map(host -> UUID.fromString(host.record().uuid()))
            .anyMatch(host -> drivers.network().abilities(host).guards());
    if (!possible) {
      throw ApiErrors.valueNotSupported(
          field, value, "the network backend does not filter traffic");
    }
  }

  private void set(Call call, Ref<Vif> self, UnaryOperator<Vif> change) {
    resources.operations().run(call, new GuardVif(resources.drivers().network(), self, change));
  }
}
