package io.keelson.control.host;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.HostPower;
import io.keelson.api.model.Host;
import io.keelson.control.Resources;
import io.keelson.control.host.TurnOffSteps.Kind;
import io.keelson.store.Transaction;
import java.util.Map;

/**
 * Turning hosts, and their servers, off and on.
 *
 * @param agent this server
 */
record HostPowerHandler(Resources resources, Agent agent) implements HostPower {

  @Override
  public void reboot(Call call, Ref<Host> host) {
    turnOff(call, host, Kind.REBOOT);
  }

  @Override
  public void shutdown(Call call, Ref<Host> host) {
    turnOff(call, host, Kind.SHUTDOWN);
  }

  private void turnOff(Call call, Ref<Host> host, Kind kind) {
    resources.operations().run(call, new TurnOffSteps(resources.drivers().power(), host, kind));
  }

  @Override
  public void powerOn(Call call, Ref<Host> host) {
    resources.operations().run(call, new PowerOnSteps(resources.drivers(), host));
  }

  /**
   * The secret that only the former configuration named is deleted.
   *
   * @throws ApiError HOST_POWER_ON_NOT_CONFIGURED when the configuration lacks what the mode needs
   */
  @Override
  public void setPowerOnMode(
      Call call, Ref<Host> self, String powerOnMode, Map<String, String> powerOnConfig) {
    resources
        .store()
        .change(tx -> {
          Map<String, String> former = tx.get(ApiModel.HOST, self).powerOnConfig();
          tx.update(
              ApiModel.HOST,
              self,
              h -> h.with(b -> b.powerOnMode(powerOnMode).powerOnConfig(powerOnConfig)));
          if (!powerOnMode.isEmpty()) {
            PowerOnMode _ = PowerOnMode.of(tx, self);
          }
          dropSecret(tx, former, powerOnConfig);
        });
  }

  private static void dropSecret(
      Transaction tx, Map<String, String> former, Map<String, String> next) {
    String uuid = former.getOrDefault(PowerOnMode.PASSWORD_SECRET, "");
    if (!next.containsValue(uuid)) {
      tx.table(ApiModel.SECRET).byUuid(uuid).ifPresent(ref -> tx.delete(ApiModel.SECRET, ref));
    }
  }

  @Override
  public void restartAgent(Call call, Ref<Host> host) {
    resources.store().snapshot().get(ApiModel.HOST, host);
    agent.end(Agent.End.RESTART);
  }

  @Override
  public void shutdownAgent(Call call) {
    agent.end(Agent.End.SHUTDOWN);
  }
}
