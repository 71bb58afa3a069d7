package io.keelson.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.control.metrics.rrd.DataSource;
import io.keelson.control.metrics.rrd.DataSource.Kind;
import io.keelson.control.metrics.rrd.Reading;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NamingTest {
  private static Naming of(String name, String units, Kind kind) {
    return Naming.of(
            new Reading(new DataSource(name, "", units, kind, 0, 1, true), Double.NaN, Double.NaN))
        .orElseThrow();
  }

  @Test
  void numbersBecomeLabels() {
    assertThat(of("cpu12", "(fraction)", Kind.DERIVE))
        .isEqualTo(new Naming("cpu_seconds_total", Map.of("cpu", "12"), 1));
    assertThat(of("cpu3", "(fraction)", Kind.GAUGE))
        .isEqualTo(new Naming("cpu_ratio", Map.of("cpu", "3"), 1));
    assertThat(of("vif_0_rx", "B/s", Kind.DERIVE))
        .isEqualTo(new Naming("vif_rx_bytes_total", Map.of("device", "0"), 1));
    assertThat(of("vbd_xvda_read_latency", "μs", Kind.GAUGE))
        .isEqualTo(new Naming("vbd_read_latency_seconds", Map.of("device", "xvda"), 1e-6));
    assertThat(of("pif_eth0.5_tx_errors", "err/s", Kind.DERIVE))
        .isEqualTo(new Naming("pif_tx_errors_total", Map.of("device", "eth0.5"), 1));
    assertThat(of("read_0a1b2c3d", "B/s", Kind.DERIVE))
        .isEqualTo(new Naming("sr_read_bytes_total", Map.of("sr", "0a1b2c3d"), 1));
    assertThat(of("memory_free_kib", "KiB", Kind.GAUGE))
        .isEqualTo(new Naming("memory_free_bytes", Map.of(), 1024));
    assertThat(of("running_domains", "count", Kind.GAUGE))
        .isEqualTo(new Naming("running_domains", Map.of(), 1));
  }

  @Test
  void labelsAreEscaped() {
    Families families = new Families();
    families.gauge("x", "Help.", Map.of("name", "a\"b\\c\nd"), 1.5);
    assertThat(families.toString())
        .isEqualTo("# HELP x Help.\n# TYPE x gauge\nx{name=\"a\\\"b\\\\c\\nd\"} 1.5\n");
  }
}
