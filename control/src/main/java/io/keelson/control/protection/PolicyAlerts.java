package io.keelson.control.protection;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Cls;
import io.keelson.api.model.Message;
import io.keelson.api.model.Vmpp;
import io.keelson.control.alert.Alerts;
import io.keelson.control.mail.Mail;
import io.keelson.control.mail.SmtpClient;
import io.keelson.store.Row;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells how policies fare: by alerts, in their recent_alerts, and by mail to those who want it. */
final class PolicyAlerts {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyAlerts.class);
  private static final int RECENT = 10;
  private static final String DATA = "<data>";
  private static final String DATA_END = "</data>";

  private final Store store;
  private final Alerts alerts;
  private final SmtpClient smtp;

  PolicyAlerts(Store store, Alerts alerts, SmtpClient smtp) {
    this.store = store;
    this.alerts = alerts;
    this.smtp = smtp;
  }

  /**
   * Tells it, now.
   *
   * @param detail what else there is to say; may be empty
   * @return what recent_alerts has of it, as XML
   */
  String raise(Ref<Vmpp> policy, PolicyAlert alert, String detail) {
    Instant now = alerts.clock().instant().truncatedTo(ChronoUnit.SECONDS);
    String data =
        "<time>%s</time><message>%s</message><summary>%s</summary>"
            .formatted(now, alert, xml((alert.text() + " " + detail).strip()));
    Optional<Vmpp> known =
        store.transact(tx -> {
          if (tx.find(ApiModel.VMPP, policy).isEmpty()) {
            return Optional.empty();
          }
          return Optional.of(write(tx, policy, alert, detail, data));
        });
    known.filter(Vmpp::isAlarmEnabled).ifPresent(p -> mail(p, alert, detail));
    return data;
  }

  private Vmpp write(
      Transaction tx, Ref<Vmpp> policy, PolicyAlert alert, String detail, String data) {
    Vmpp record = tx.get(ApiModel.VMPP, policy);
    String body =
        "<message><email>"
            + xml(text(record, alert, detail))
            + "</email>"
            + DATA
            + data
            + DATA_END
            + "</message>";
    Ref<Message> _ =
        alerts.raise(tx, alert.name(), alert.priority(), Cls.VMPP, record.uuid(), body);
    List<String> recent = new ArrayList<>(List.of(data));
    recent.addAll(record.recentAlerts().stream().limit(RECENT - 1).toList());
    return tx.update(ApiModel.VMPP, policy, p -> p.with(b -> b.recentAlerts(List.copyOf(recent))));
  }

  private static String text(Vmpp policy, PolicyAlert alert, String detail) {
    return "Policy '%s' (uuid: %s): %s\n%s"
        .formatted(policy.nameLabel(), policy.uuid(), alert.text(), detail)
        .strip();
  }

  private void mail(Vmpp policy, PolicyAlert alert, String detail) {
    Map<String, String> config = policy.alarmConfig();
    String server = config.getOrDefault(PolicyKeys.SMTP_SERVER, "");
    String to = config.getOrDefault(PolicyKeys.EMAIL_ADDRESS, "");
    if (server.isEmpty() || to.isEmpty()) {
      return;
    }
    int port = Integer.parseInt(config.getOrDefault(PolicyKeys.SMTP_PORT, "25"));
    try {
      smtp.send(
          server,
          port,
          Mail.to(
              to, alert + ": " + policy.nameLabel(), text(policy, alert, detail), alerts.clock()));
    } catch (IOException e) {
      LOG.warn("no mail to {} by {}:{}: {}", to, server, port, e.getMessage());
    }
  }

  /** What was told in the time before now, newest first. */
  List<String> since(Ref<Vmpp> policy, Duration time) {
    String uuid = store.snapshot().get(ApiModel.VMPP, policy).uuid();
    Instant earliest = alerts.clock().instant().minus(time);
    return store
        .snapshot()
        .rows(ApiModel.MESSAGE)
        .filter(row -> row.record().cls() == Cls.VMPP && row.record().objUuid().equals(uuid))
        .filter(row -> !row.record().timestamp().isBefore(earliest))
        .sorted(Comparator.<Row<Message>>comparingLong(Row::created).reversed())
        .flatMap(row -> data(row.record().body()).stream())
        .toList();
  }

  private static Optional<String> data(String body) {
    int start = body.indexOf(DATA);
    int end = body.lastIndexOf(DATA_END);
    return start < 0 || end < start
        ? Optional.empty()
        : Optional.of(body.substring(start + DATA.length(), end));
  }

  private static String xml(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
