package io.keelson.control.network;

import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VifAddressing;
import io.keelson.api.model.Vif;
import io.keelson.api.model.VifIpv4ConfigurationMode;
import io.keelson.api.model.VifIpv6ConfigurationMode;
import io.keelson.control.Resources;
import io.keelson.host.GuestAddressing.Address;
import io.keelson.host.GuestAddressing.Family;
import java.util.Optional;

/** The addresses of guests' cards. */
record VifAddressingHandler(Resources resources) implements VifAddressing {

  @Override
  public void configureIpv4(
      Call call, Ref<Vif> self, VifIpv4ConfigurationMode mode, String address, String gateway) {
    Optional<Address> wanted =
        switch (mode) {
          case NONE -> Optional.empty();
          case STATIC -> Optional.of(GuestAddressRules.checked(Family.IPV4, address, gateway));
        };
    set(call, self, Family.IPV4, wanted);
  }

  @Override
  public void configureIpv6(
      Call call, Ref<Vif> self, VifIpv6ConfigurationMode mode, String address, String gateway) {
    Optional<Address> wanted =
        switch (mode) {
          case NONE -> Optional.empty();
          case STATIC -> Optional.of(GuestAddressRules.checked(Family.IPV6, address, gateway));
        };
    set(call, self, Family.IPV6, wanted);
  }

  private void set(Call call, Ref<Vif> self, Family family, Optional<Address> wanted) {
    resources
        .operations()
        .run(call, new AddressVif(resources.drivers().compute(), self, family, wanted));
  }
}
