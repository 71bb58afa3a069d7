package io.keelson.server.metrics;

import io.keelson.control.metrics.rrd.Rrd;
import io.keelson.control.metrics.rrd.RrdDump;
import io.keelson.control.metrics.rrd.RrdDump.Archive;
import io.keelson.control.metrics.rrd.RrdDump.Source;
import io.keelson.control.metrics.rrd.RrdDump.UnderWay;

/** All that is recorded of an object, in the form that rrdtool restores (version 3). */
final class DumpXml {
  private DumpXml() {}

  static String of(RrdDump dump) {
    XmlText out = new XmlText();
    out.open("rrd");
    out.element("version", "0003");
    out.element("step", (long) Rrd.STEP_SECONDS);
    out.element("lastupdate", (long) dump.lastUpdate());
    for (Source source : dump.sources()) {
      out.open("ds");
      out.element("name", source.source().name());
      out.element("type", source.source().kind().name());
      out.element("minimal_heartbeat", (long) Rrd.HEARTBEAT_SECONDS);
      out.element("min", source.source().min());
      out.element("max", source.source().max());
      out.element("last_ds", source.lastRaw());
      out.element("value", source.gathered());
      out.element("unknown_sec", (long) source.unknownSeconds());
      out.close("ds");
    }
    dump.archives().forEach(archive -> write(archive, out));
    return out.close("rrd").toString();
  }

  private static void write(Archive archive, XmlText out) {
    out.open("rra");
    out.element("cf", archive.resolution().consolidation().name());
    out.element("pdp_per_row", (long) archive.resolution().steps());
    out.open("params").element("xff", archive.resolution().unknownShare()).close("params");
    out.open("cdp_prep");
    for (UnderWay row : archive.underWay()) {
      out.open("ds");
      out.element("primary_value", 0.0);
      out.element("secondary_value", 0.0);
      out.element("value", row.gathered());
      out.element("unknown_datapoints", (long) row.unknown());
      out.close("ds");
    }
    out.close("cdp_prep").open("database");
    for (double[] row : archive.rows()) {
      out.open("row");
      for (double value : row) {
        out.element("v", value);
      }
      out.close("row");
    }
    out.close("database").close("rra");
  }
}
