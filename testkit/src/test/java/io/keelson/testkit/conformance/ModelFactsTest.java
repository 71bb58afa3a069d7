package io.keelson.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.AccessRole;
import io.keelson.control.gate.HttpAction;
import io.keelson.model.Model;
import io.keelson.model.RoleFacts;
import io.keelson.model.TransferFacts;
import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.wire.RawHttp;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the model says beside the classes, and the reference tells, is so. */
@RunsOn(hosts = 1)
class ModelFactsTest {
  private final Model model = Model.load();
  private final ServerBox box;

  ModelFactsTest(ServerBox box) {
    this.box = box;
  }

  @Test
  void rolesAreTheServers() {
    assertThat(model.roles().stream().map(RoleFacts::name).toList())
        .isEqualTo(Arrays.stream(AccessRole.values()).map(AccessRole::text).toList());
  }

  @Test
  void transfersNeedTheRolesThatTheModelSays() {
    assertThat(model.transfers())
        .isNotEmpty()
        .allSatisfy(
            t -> assertThat(HttpAction.of(t.permission()).role().text()).isEqualTo(t.role()));
  }

  /** All refuse whoever has no session, and so are there. */
  @Test
  void transfersAreServed() throws IOException {
    for (TransferFacts transfer : model.transfers()) {
      try (RawHttp http = new RawHttp(box.api())) {
        http.send(
            "%s %s HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n"
                .formatted(transfer.verb(), transfer.path()));
        assertThat(http.response().status())
            .as(transfer.verb() + " " + transfer.path())
            .isIn(List.of(200, 401));
      }
    }
  }
}
