package io.keelson.cli.record;

import io.keelson.api.ApiError;
import io.keelson.cli.call.Values;

/** How fast devices read and write at this moment, in KiB a second. */
final class Rates {
  private static final double KIB = 1024.0;

  private Rates() {}

  /** Of a VM's device, whose data source has the device in its name. */
  static String ofVm(Item item, String source) {
    return of(item, "VM.query_data_source", Values.text(item.field("VM")), source);
  }

  /** Of a host's device. */
  static String ofHost(Item item, String source) {
    return of(item, "host.query_data_source", Values.text(item.field("host")), source);
  }

  private static String of(Item item, String message, String ref, String source) {
    try {
      String name = source.formatted(Values.text(item.field("device")));
      double bytes = Values.real(item.objects().api().call(message, ref, name));
      return "%.3f".formatted(bytes / KIB);
    } catch (ApiError _) {
      return "<unknown>";
    }
  }
}
