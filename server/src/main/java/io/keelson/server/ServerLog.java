package io.keelson.server;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.net.SyslogAppender;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.keelson.control.host.SyslogTarget;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.LoggerFactory;

/** Keeps the newest of what this process logs, and sends it to other machines. */
final class ServerLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(ServerLog.class);
  private static final int MOST_BYTES = 1 << 20;

  private final LoggerContext loggers;
  private final Logger root;
  private final PatternLayoutEncoder encoder = new PatternLayoutEncoder();
  private final Deque<byte[]> lines = new ArrayDeque<>();
  private final Map<UUID, SyslogAppender> forwards = new HashMap<>();
  private int bytes;

  private ServerLog(LoggerContext loggers) {
    this.loggers = loggers;
    this.root = loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    encoder.setContext(loggers);
    encoder.setPattern(LogSetup.LINE);
    setContext(loggers);
    setName("newest");
  }

  /** Listens from now on; another logger than Logback is not listened to. */
  static ServerLog open() {
    LoggerContext loggers =
        LoggerFactory.getILoggerFactory() instanceof LoggerContext logback
            ? logback
            : new LoggerContext();
    ServerLog log = new ServerLog(loggers);
    log.encoder.start();
    log.start();
    log.root.addAppender(log);
    return log;
  }

  @Override
  protected void append(ILoggingEvent event) {
    byte[] line = encoder.encode(event);
    synchronized (lines) {
      lines.add(line);
      bytes += line.length;
      while (bytes > MOST_BYTES) {
        bytes -= lines.remove().length;
      }
    }
  }

  /** The newest lines. */
  String newest() {
    StringBuilder text = new StringBuilder();
    synchronized (lines) {
      lines.forEach(line -> text.append(new String(line, StandardCharsets.UTF_8)));
    }
    return text.toString();
  }

  /** Sends what is logged from now on to a machine too, in place of the one before. */
  synchronized void forward(UUID host, Optional<SyslogTarget> to) {
    Optional.ofNullable(forwards.remove(host)).ifPresent(this::end);
    to.ifPresent(target -> {
      SyslogAppender forward = new SyslogAppender();
      forward.setContext(loggers);
      forward.setName("syslog-" + host);
      forward.setFacility("DAEMON");
      forward.setSyslogHost(target.address());
      forward.setPort(target.port());
      forward.setSuffixPattern(
          "keelson: %-5level %logger{0}: %replace(%msg){'[\\r\\n\\x00-\\x1f]', ' '}");
      forward.setThrowableExcluded(true);
      forward.start();
      forwards.put(host, forward);
      root.addAppender(forward);
      LOG.info("the log goes to {}:{} too", target.address(), target.port());
    });
  }

  private void end(SyslogAppender forward) {
    root.detachAppender(forward);
    forward.stop();
  }

  @Override
  public synchronized void close() {
    forwards.values().forEach(this::end);
    forwards.clear();
    root.detachAppender(this);
    stop();
  }
}
