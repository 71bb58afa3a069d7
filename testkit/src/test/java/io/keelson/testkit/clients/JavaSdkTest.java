package io.keelson.testkit.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.xensource.xenapi.Connection;
import com.xensource.xenapi.Event;
import com.xensource.xenapi.EventBatch;
import com.xensource.xenapi.Host;
import com.xensource.xenapi.Network;
import com.xensource.xenapi.Pool;
import com.xensource.xenapi.Role;
import com.xensource.xenapi.SR;
import com.xensource.xenapi.Session;
import com.xensource.xenapi.Task;
import com.xensource.xenapi.Types;
import com.xensource.xenapi.VDI;
import com.xensource.xenapi.VM;
import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** XenServer's own client for Java, of the time of XenServer 6.2. */
@RunsOn(hosts = 1)
class JavaSdkTest {
  private final ServerBox box;
  private final Connection connection;

  JavaSdkTest(ServerBox box) throws Exception {
    this.box = box;
    this.connection = new Connection(box.api().toURL());
  }

  @BeforeEach
  void logIn() throws Exception {
    Session.loginWithPassword(connection, "root", ServerBox.PASSWORD, "1.3");
  }

  @AfterEach
  void logOut() throws Exception {
    Session.logout(connection);
  }

  @Test
  void logInKnowsTheVersionOfTheApi() {
    assertThat(connection.getAPIVersion().toString()).isNotEqualTo("API_1_1");
    assertThat(connection.getSessionReference()).startsWith("OpaqueRef:");
  }

  @Test
  void wrongPasswordIsItsOwnException() {
    Connection other = new Connection(address());
    assertThatThrownBy(() -> Session.loginWithPassword(other, "root", "wrong", "1.3"))
        .isInstanceOf(Types.SessionAuthenticationFailed.class);
  }

  @Test
  void recordsOfAllKindsAreRead() throws Exception {
    assertThat(Pool.getAllRecords(connection)).hasSize(1);
    Map<Host, Host.Record> hosts = Host.getAllRecords(connection);
    assertThat(hosts.values()).singleElement().satisfies(host -> assertThat(host.enabled).isTrue());
    assertThat(SR.getAllRecords(connection)).isNotEmpty();
    assertThat(Network.getAllRecords(connection)).isNotEmpty();
    assertThat(Role.getAllRecords(connection).values())
        .extracting(role -> role.nameLabel)
        .contains("pool-admin", "read-only");
    assertThat(VM.getAllRecords(connection).values())
        .anySatisfy(vm -> assertThat(vm.nameLabel).isEqualTo("Other install media"));
    assertThat(VDI.getAllRecords(connection)).isNotNull();
    assertThat(Task.getAllRecords(connection)).isNotNull();
  }

  @Test
  void vmLivesItsLife() throws Exception {
    VM template = VM.getByNameLabel(connection, "Other install media").iterator().next();
    VM vm = template.createClone(connection, "from Java");
    vm.provision(connection);
    assertThat(vm.getPowerState(connection)).isEqualTo(Types.VmPowerState.HALTED);

    vm.start(connection, false, false);
    assertThat(vm.getPowerState(connection)).isEqualTo(Types.VmPowerState.RUNNING);
    assertThatThrownBy(() -> vm.start(connection, false, false))
        .isInstanceOfSatisfying(
            Types.VmBadPowerState.class,
            refused -> {
              assertThat(refused.expected).isEqualTo("halted");
              assertThat(refused.actual).isEqualTo("running");
            });

    Task task = vm.hardShutdownAsync(connection);
    await().until(() -> task.getStatus(connection) != Types.TaskStatusType.PENDING);
    assertThat(task.getStatus(connection)).isEqualTo(Types.TaskStatusType.SUCCESS);
    task.destroy(connection);
    vm.destroy(connection);
  }

  @Test
  void changesAreHeardOf() throws Exception {
    Set<String> vms = Set.of("VM");
    EventBatch all = Event.from(connection, vms, "", 1.0);
    assertThat(all.events).isNotEmpty();

    VM template = VM.getByNameLabel(connection, "Other install media").iterator().next();
    VM vm = template.createClone(connection, "heard of");

    EventBatch news = Event.from(connection, vms, all.token, 10.0);
    assertThat(news.events)
        .anySatisfy(event -> {
          assertThat(event.operation).isEqualTo(Types.EventOperation.ADD);
          assertThat(((VM.Record) event.snapshot).nameLabel).isEqualTo("heard of");
        });
    vm.destroy(connection);
  }

  private URL address() {
    try {
      return box.api().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }
}
