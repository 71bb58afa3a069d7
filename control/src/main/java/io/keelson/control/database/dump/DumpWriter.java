package io.keelson.control.database.dump;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.control.host.Product;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.util.Map;

/** Writes all objects, one element each. */
public final class DumpWriter {
  static final String MAJOR = "schema_major_vsn";
  static final String MINOR = "schema_minor_vsn";
  static final String BRAND = "product_brand";
  private static final int FIRST_PLAIN = 0x20;

  private final Writer xml;

  private DumpWriter(Writer xml) {
    this.xml = xml;
  }

  /** The stream stays open. */
  public static void write(Snapshot state, OutputStream out) throws IOException {
    Writer xml = new BufferedWriter(new OutputStreamWriter(out, UTF_8));
    new DumpWriter(xml).write(state);
    xml.flush();
  }

  private void write(Snapshot state) throws IOException {
    xml.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<database><manifest>");
    pair(MAJOR, Long.toString(Product.API_MAJOR));
    pair(MINOR, Long.toString(Product.API_MINOR));
    pair(BRAND, Product.BRAND);
    pair("generation_count", Long.toString(state.generation()));
    xml.write("</manifest>");
    for (ApiClass<? extends ApiRecord> apiClass : ApiModel.CLASSES) {
      if (DumpColumns.has(apiClass)) {
        table(state, apiClass);
      }
    }
    xml.write("</database>\n");
  }

  private void pair(String key, String value) throws IOException {
    xml.write("<pair");
    attribute("key", key);
    attribute("value", value);
    xml.write("/>");
  }

  private <R extends ApiRecord> void table(Snapshot state, ApiClass<R> apiClass)
      throws IOException {
    Map<String, Field<R, ?>> columns = DumpColumns.of(apiClass);
    xml.write("\n<table");
    attribute("name", apiClass.name());
    xml.write(">");
    for (Row<R> row : (Iterable<Row<R>>) state.rows(apiClass)::iterator) {
      xml.write("\n<row");
      attribute("ref", row.ref().text());
      attribute("__ctime", Long.toString(row.created()));
      attribute("__mtime", Long.toString(row.modified()));
      attribute("_ref", row.ref().text());
      for (Map.Entry<String, Field<R, ?>> column : columns.entrySet()) {
        attribute(column.getKey(), text(column.getValue(), row.record()));
      }
      xml.write("/>");
    }
    xml.write("</table>");
  }

  private static <R extends ApiRecord, T> String text(Field<R, T> field, R record) {
    return DumpText.text(field.type(), field.of(record));
  }

  /** Ends of lines are written as numbers, as readers of XML take others for blanks. */
  private void attribute(String name, String value) throws IOException {
    xml.write(' ');
    xml.write(name);
    xml.write("=\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '&' -> xml.write("&amp;");
        case '<' -> xml.write("&lt;");
        case '>' -> xml.write("&gt;");
        case '"' -> xml.write("&quot;");
        default -> {
          if (c < FIRST_PLAIN) {
            xml.write("&#" + (int) c + ";");
          } else {
            xml.write(c);
          }
        }
      }
    }
    xml.write('"');
  }
}
