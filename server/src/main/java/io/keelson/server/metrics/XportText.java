package io.keelson.server.metrics;

import io.keelson.control.metrics.rrd.Xport;
import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Rows of many objects, the newest first, as clients poll them. */
final class XportText {
  private static final JsonFactory JSON = new JsonFactory();

  private XportText() {}

  static String xml(Xport rows) {
    XmlText out = new XmlText();
    out.open("xport").open("meta");
    out.element("start", rows.start());
    out.element("step", rows.step());
    out.element("end", rows.end());
    out.element("rows", (long) rows.rows());
    out.element("columns", (long) rows.columns().size());
    out.open("legend");
    rows.legend().forEach(entry -> out.element("entry", entry));
    out.close("legend").close("meta").open("data");
    for (int row = rows.rows() - 1; row >= 0; row--) {
      out.open("row").element("t", time(rows, row));
      for (double[] column : rows.columns()) {
        out.element("v", column[row]);
      }
      out.close("row");
    }
    return out.close("data").close("xport").toString();
  }

  /** Values are texts: JSON has no number for what is not known. */
  static String json(Xport rows) {
    StringWriter text = new StringWriter(1 << 12);
    try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      out.writeStartObject();
      out.writeObjectPropertyStart("meta");
      out.writeNumberProperty("start", rows.start());
      out.writeNumberProperty("step", rows.step());
      out.writeNumberProperty("end", rows.end());
      out.writeNumberProperty("rows", rows.rows());
      out.writeNumberProperty("columns", rows.columns().size());
      out.writeArrayPropertyStart("legend");
      rows.legend().forEach(out::writeString);
      out.writeEndArray();
      out.writeEndObject();
      out.writeArrayPropertyStart("data");
      for (int row = rows.rows() - 1; row >= 0; row--) {
        out.writeStartObject();
        out.writeNumberProperty("t", time(rows, row));
        out.writeArrayPropertyStart("values");
        for (double[] column : rows.columns()) {
          out.writeString(NumberText.of(column[row]));
        }
        out.writeEndArray();
        out.writeEndObject();
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    return text.toString();
  }

  private static long time(Xport rows, int row) {
    return rows.start() + row * rows.step();
  }
}
