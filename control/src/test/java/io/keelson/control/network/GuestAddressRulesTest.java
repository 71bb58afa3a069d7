package io.keelson.control.network;

import static io.keelson.control.network.NetworkLab.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.host.GuestAddressing.Address;
import io.keelson.host.GuestAddressing.Family;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuestAddressRulesTest {

  @ParameterizedTest
  @CsvSource({
    "IPV4,192.0.2.9/24,192.0.2.1",
    "IPV4,192.0.2.9/32,''",
    "IPV4,192.0.2.0/31,192.0.2.1",
    "IPV6,2001:db8::7/64,2001:db8::1",
    "IPV6,2001:db8::7/64,fe80::1",
    "IPV6,fd00::/64,''"
  })
  void addressesThatAGuestCanHave(Family family, String address, String gateway) {
    assertThat(GuestAddressRules.checked(family, address, gateway))
        .isEqualTo(new Address(address, gateway));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "192.0.2.9",
        "192.0.2.9/",
        "192.0.2.9/33",
        "192.0.2.9/0",
        "192.0.2.256/24",
        "192.0.2.0/24",
        "192.0.2.255/24",
        "224.0.0.1/24",
        "127.0.0.1/8",
        "0.0.0.0/8",
        "2001:db8::7/64",
        "192.0.2.9/24;reboot",
        "192.0.2.9/24/24"
      })
  void addressesThatNoCardCanHave(String address) {
    refused(
        () -> GuestAddressRules.checked(Family.IPV4, address, ""),
        "INVALID_IP_ADDRESS_SPECIFIED",
        "address");
  }

  @Test
  void theRouterIsWithinReach() {
    for (String gateway : new String[] {"192.0.3.1", "192.0.2.9", "nowhere", "fe80::1"}) {
      refused(
          () -> GuestAddressRules.checked(Family.IPV4, "192.0.2.9/24", gateway),
          "INVALID_IP_ADDRESS_SPECIFIED",
          "gateway");
    }
    refused(
        () -> GuestAddressRules.checked(Family.IPV6, "2001:db8::7/64", "2001:db8:1::1"),
        "INVALID_IP_ADDRESS_SPECIFIED",
        "gateway");
    refused(
        () -> GuestAddressRules.checked(Family.IPV6, "1:2:3:4:5:6:7::1:2/64", ""),
        "INVALID_IP_ADDRESS_SPECIFIED",
        "address");
  }
}
