package io.keelson.server.metrics;

import io.keelson.control.metrics.rrd.Rrd;
import io.keelson.control.metrics.rrd.RrdDump;
import io.keelson.control.metrics.rrd.RrdDump.Archive;
import io.keelson.control.metrics.rrd.RrdDump.Source;
import io.keelson.control.metrics.rrd.RrdDump.UnderWay;
import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** All that is recorded of an object, in JSON; the members are named as {@link DumpXml}'s. */
final class DumpJson {
  private static final JsonFactory JSON = new JsonFactory();

  private final JsonGenerator out;

  private DumpJson(JsonGenerator out) {
    this.out = out;
  }

  static String of(RrdDump dump) {
    StringWriter text = new StringWriter(1 << 12);
    try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      new DumpJson(out).write(dump);
    }
    return text.toString();
  }

  private void write(RrdDump dump) {
    out.writeStartObject();
    out.writeStringProperty("version", "0003");
    out.writeNumberProperty("step", Rrd.STEP_SECONDS);
    out.writeNumberProperty("lastupdate", (long) dump.lastUpdate());
    out.writeArrayPropertyStart("ds");
    dump.sources().forEach(this::source);
    out.writeEndArray();
    out.writeArrayPropertyStart("rra");
    dump.archives().forEach(this::archive);
    out.writeEndArray();
    out.writeEndObject();
  }

  private void source(Source source) {
    out.writeStartObject();
    out.writeStringProperty("name", source.source().name());
    out.writeStringProperty("type", source.source().kind().name());
    out.writeNumberProperty("minimal_heartbeat", Rrd.HEARTBEAT_SECONDS);
    number("min", source.source().min());
    number("max", source.source().max());
    number("last_ds", source.lastRaw());
    number("value", source.gathered());
    out.writeNumberProperty("unknown_sec", (long) source.unknownSeconds());
    out.writeEndObject();
  }

  private void archive(Archive archive) {
    out.writeStartObject();
    out.writeStringProperty("cf", archive.resolution().consolidation().name());
    out.writeNumberProperty("pdp_per_row", archive.resolution().steps());
    out.writeObjectPropertyStart("params");
    number("xff", archive.resolution().unknownShare());
    out.writeEndObject();
    out.writeObjectPropertyStart("cdp_prep");
    out.writeArrayPropertyStart("ds");
    for (UnderWay row : archive.underWay()) {
      out.writeStartObject();
      number("primary_value", 0);
      number("secondary_value", 0);
      number("value", row.gathered());
      out.writeNumberProperty("unknown_datapoints", row.unknown());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
    out.writeArrayPropertyStart("database");
    for (double[] row : archive.rows()) {
      out.writeStartArray();
      for (double value : row) {
        out.writeString(NumberText.of(value));
      }
      out.writeEndArray();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  /** As text: JSON has no number for what is not known, and none without bounds. */
  private void number(String name, double value) {
    out.writeStringProperty(name, NumberText.of(value));
  }
}
