package io.keelson.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** GET /metrics: the edge's counters, the process's memory and more, as Prometheus reads them. */
final class MetricsHandler implements HttpHandler {
  private final Counters counters;
  private final IntSupplier open;
  private final Supplier<String> measured;

  /**
   * @param measured more, in the same format
   */
  MetricsHandler(Counters counters, IntSupplier open, Supplier<String> measured) {
    this.counters = counters;
    this.open = open;
    this.measured = measured;
  }

  @Override
  public HttpAnswer handle(HttpCall call) {
    var text = new StringBuilder();
    gauge(text, "keelson_http_connections", "Open connections.", open.getAsInt());
    counter(text, "keelson_http_connections_total", "Accepted.", counters.accepted);
    counter(text, "keelson_http_refused_total", "Refused for want of room.", counters.refused);
    counter(text, "keelson_http_evicted_total", "Closed to make room.", counters.evicted);
    counter(text, "keelson_http_timeouts_total", "Closed as too slow.", counters.timedOut);
    counter(text, "keelson_http_reply_bytes_total", "Bytes of bodies.", counters.replyBytes);
    counter(text, "keelson_rpc_xml_calls_total", "Calls in XML-RPC.", counters.xmlCalls);
    counter(text, "keelson_rpc_json_calls_total", "Calls in JSON-RPC.", counters.jsonCalls);
    counter(text, "keelson_rpc_failed_total", "Calls that failed.", counters.failedCalls);
    counter(text, "keelson_rpc_unreadable_total", "No calls.", counters.unreadableCalls);
    metric(
        text,
        "keelson_rpc_seconds_total",
        "counter",
        "Time in calls that do not wait for events.",
        BigDecimal.valueOf(counters.callNanos.sum(), 9).toPlainString());
    gauge(text, "keelson_rpc_waiting", "Calls waiting.", counters.waitingCalls.sum());
    gauge(
        text,
        "process_heap_bytes",
        "Heap in use.",
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    gauge(
        text,
        "process_uptime_milliseconds",
        "Time since the start.",
        ManagementFactory.getRuntimeMXBean().getUptime());
    text.append(measured.get());
    return new HttpAnswer.Whole(
        200, "text/plain; version=0.0.4; charset=utf-8", text.toString().getBytes(UTF_8));
  }

  private static void counter(StringBuilder out, String name, String help, LongAdder count) {
    metric(out, name, "counter", help, Long.toString(count.sum()));
  }

  private static void gauge(StringBuilder out, String name, String help, long value) {
    metric(out, name, "gauge", help, Long.toString(value));
  }

  private static void metric(
      StringBuilder out, String name, String type, String help, String value) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    out.append(name).append(' ').append(value).append('\n');
  }
}
