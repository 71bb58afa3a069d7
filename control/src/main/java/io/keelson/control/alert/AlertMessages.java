package io.keelson.control.alert;

import io.keelson.api.ApiModel;
import io.keelson.api.BoundMessage;
import io.keelson.api.messages.MessageMessages;
import io.keelson.store.Row;
import io.keelson.store.Store;
import java.time.Clock;
import java.util.List;

/** The messages about alerts, and how many of these are kept. */
public final class AlertMessages {
  private AlertMessages() {}

  public static List<BoundMessage> all(Store store, Clock clock) {
    return MessageMessages.bind(new MessageMessagesHandler(store, new Alerts(clock)));
  }

  /** Lets the oldest go where there are too many. */
  public static void trim(Store store) {
    if (Alerts.tooMany(store.snapshot().rows(ApiModel.MESSAGE).map(Row::record).toList())) {
      store.change(Alerts::trim);
    }
  }
}
