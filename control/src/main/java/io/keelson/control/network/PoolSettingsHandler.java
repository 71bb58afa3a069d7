package io.keelson.control.network;

import io.keelson.api.Call;
import io.keelson.api.messages.PoolSettings;
import io.keelson.control.Resources;
import java.util.concurrent.locks.ReentrantLock;

/** pool.set_vswitch_controller. */
final class PoolSettingsHandler implements PoolSettings {
  private final Resources resources;

  /** Two at once would leave some bridges to one controller and some to the other. */
  private final ReentrantLock turn = new ReentrantLock();

  PoolSettingsHandler(Resources resources) {
    this.resources = resources;
  }

  /**
   * @throws io.keelson.api.ApiError OPERATION_NOT_ALLOWED where a host has no Open vSwitch;
   *     INVALID_IP_ADDRESS_SPECIFIED
   */
  @Override
  public void setVswitchController(Call call, String address) {
    turn.lock();
    try {
      resources.operations().run(call, new SteerSwitches(resources.drivers().network(), address));
    } finally {
      turn.unlock();
    }
  }
}
