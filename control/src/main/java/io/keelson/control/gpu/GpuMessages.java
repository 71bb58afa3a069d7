package io.keelson.control.gpu;

import io.keelson.api.BoundMessage;
import io.keelson.api.messages.GpuGroupMessages;
import io.keelson.api.messages.HostDisplay;
import io.keelson.api.messages.PgpuMessages;
import io.keelson.api.messages.VgpuMessages;
import io.keelson.control.Resources;
import io.keelson.host.Devices;
import io.keelson.store.Store;
import java.util.List;
import java.util.stream.Stream;

/** The messages about graphics processors and screens of hosts. */
public final class GpuMessages {
  private GpuMessages() {}

  public static List<BoundMessage> all(Resources resources) {
    Store store = resources.store();
    Devices devices = resources.drivers().devices();
    return Stream.of(
            GpuGroupMessages.bind(new GpuGroupHandler(store)),
            PgpuMessages.bind(new PgpuHandler(store, devices)),
            VgpuMessages.bind(new VgpuHandler(store)),
            HostDisplay.bind(new HostDisplayHandler(store, devices)))
        .flatMap(List::stream)
        .toList();
  }
}
