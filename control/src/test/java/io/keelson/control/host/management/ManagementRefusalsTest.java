package io.keelson.control.host.management;

import static io.keelson.control.TestControl.error;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.IpConfigurationMode;
import io.keelson.api.model.Pif;
import io.keelson.api.model.PifFields;
import io.keelson.api.model.PrimaryAddressType;
import io.keelson.control.TestControl;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Interfaces over which no host can be managed. */
class ManagementRefusalsTest {
  private static final String MOVE = "host.management_reconfigure";

  @TempDir Path folder;
  private TestControl control;
  private String session;

  @BeforeEach
  void open() {
    control = new TestControl(folder);
    session = control.session();
  }

  @AfterEach
  void close() {
    control.close();
  }

  /** An interface of the host that is up and has an address, but for the change. */
  private Ref<Pif> pif(Consumer<Pif.Builder> change) {
    var network = control.object(ApiModel.NETWORK);
    return control.store.transact(tx ->
        tx.create(
            ApiModel.PIF,
            PifFields.API_CLASS
                .blank()
                .with(b ->
                    b.uuid(UUID.randomUUID().toString())
                        .host(control.host)
                        .network(network)
                        .device("eth" + tx.table(ApiModel.PIF).size())
                        .currentlyAttached(true)
                        .ipConfigurationMode(IpConfigurationMode.STATIC)
                        .ip("192.0.2.9"))
                .with(change)));
  }

  private List<String> refusal(Ref<Pif> pif) {
    return error(control.call(MOVE, session, pif.text()));
  }

  @Test
  void oneWithoutAnAddress() {
    Ref<Pif> unset = pif(b -> b.ipConfigurationMode(IpConfigurationMode.NONE).ip(""));
    assertThat(refusal(unset)).containsExactly("PIF_HAS_NO_NETWORK_CONFIGURATION", unset.text());
    Ref<Pif> six = pif(b -> b.primaryAddressType(PrimaryAddressType.IPV6));
    assertThat(refusal(six)).containsExactly("PIF_HAS_NO_NETWORK_CONFIGURATION", six.text());
    Ref<Pif> waiting = pif(b -> b.ipConfigurationMode(IpConfigurationMode.DHCP).ip(""));
    assertThat(refusal(waiting)).hasSize(2).startsWith("INTERFACE_HAS_NO_IP");
    assertThat(error(control.call("host.get_management_interface", session, control.host.text())))
        .containsExactly("HOST_HAS_NO_MANAGEMENT_IP");
  }

  @Test
  void onePartOfABond() {
    var bond = control.object(ApiModel.BOND);
    Ref<Pif> slave = pif(b -> b.bondSlaveOf(bond));
    assertThat(refusal(slave)).containsExactly("CANNOT_PLUG_BOND_SLAVE", slave.text());
  }

  @Test
  void noneWhileThePoolLooksAfterItsVms() {
    Ref<Pif> good = pif(_ -> {});
    control.store.change(
        tx -> tx.update(ApiModel.POOL, control.pool, p -> p.with(b -> b.haEnabled(true))));
    assertThat(refusal(good)).containsExactly("HA_IS_ENABLED");
    assertThat(error(control.call("host.management_disable", session)))
        .containsExactly("HA_IS_ENABLED");
    control.store.change(
        tx -> tx.update(ApiModel.POOL, control.pool, p -> p.with(b -> b.haEnabled(false))));
    assertThat(refusal(good)).isEmpty();
    assertThat(control.store.snapshot().get(ApiModel.HOST, control.host).address())
        .isEqualTo("192.0.2.9");
  }

  @Test
  void theServerFollowsTheInterfaceThatWasChosen() {
    Ref<Pif> six =
        pif(b -> b.primaryAddressType(PrimaryAddressType.IPV6).ipv6(List.of("2001:db8::9/64")));
    assertThat(refusal(six)).isEmpty();
    assertThat(address()).isEqualTo("2001:db8::9");
    control.store.change(
        tx -> tx.update(ApiModel.PIF, six, p -> p.with(b -> b.ipv6(List.of("2001:db8::a/64")))));
    control.control.management().follow();
    assertThat(address()).isEqualTo("2001:db8::a");
  }

  private String address() {
    return control.store.snapshot().get(ApiModel.HOST, control.host).address();
  }
}
