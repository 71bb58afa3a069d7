package io.keelson.control.host;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.model.Host;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A machine that takes logs by the syslog protocol (RFC 5426: UDP). */
public record SyslogTarget(String address, int port) {
  private static final String KEY = "syslog_destination";
  private static final int USUAL_PORT = 514;
  private static final Logger LOG = LoggerFactory.getLogger(SyslogTarget.class);

  /**
   * What host.logging says: {@code syslog_destination} is a name or an address, with a port behind
   * a colon where it is not 514; an IPv6 address with a port is in brackets.
   *
   * @throws io.keelson.api.ApiError INVALID_VALUE
   */
  public static Optional<SyslogTarget> of(Host host) {
    String text = host.logging().getOrDefault(KEY, "");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!text.matches("[A-Za-z0-9.-]+(:\\d{1,5})?|\\[[0-9A-Fa-f:.]+](:\\d{1,5})?|[0-9A-Fa-f:.]+")) {
      throw ApiErrors.invalidValue("logging:" + KEY, text);
    }
    int colon = text.lastIndexOf(':');
    boolean bare = text.indexOf(':') != colon && !text.startsWith("[");
    if (colon < 0 || bare || text.endsWith("]")) {
      return Optional.of(new SyslogTarget(text.replaceAll("[\\[\\]]", ""), USUAL_PORT));
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    if (port < 1 || port > 65535) {
      throw ApiErrors.invalidValue("logging:" + KEY, text);
    }
    return Optional.of(new SyslogTarget(text.substring(0, colon).replaceAll("[\\[\\]]", ""), port));
  }

  /** Has logs go where all hosts say; a host that says nothing of sense is passed over. */
  public static void applyAll(Snapshot state, Agent agent) {
    state
        .rows(ApiModel.HOST)
        .map(Row::record)
        .forEach(host -> {
          try {
            of(host)
                .ifPresent(to -> agent.forwardLog(UUID.fromString(host.uuid()), Optional.of(to)));
          } catch (ApiError e) {
            LOG.warn("the log of {} is not forwarded: {}", host.nameLabel(), e.getMessage());
          }
        });
  }
}
