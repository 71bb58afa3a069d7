package io.keelson.control.database.dump;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.api.RecordBuilder;
import io.keelson.api.Ref;
import io.keelson.control.host.Product;
import io.keelson.control.web.XmlElement;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The objects that were read from a file.
 *
 * @param rows in the order of the file
 */
record Dump(List<Read<?>> rows) {
  private static final String REF = "ref";

  Dump {
    rows = List.copyOf(rows);
  }

  /** One object. */
  record Read<R extends ApiRecord>(ApiClass<R> apiClass, Ref<R> ref, R record) {}

  /** The objects of a class, by reference. */
  @SuppressWarnings("unchecked") // the class says what the record is
  <R extends ApiRecord> Map<Ref<R>, R> of(ApiClass<R> apiClass) {
    Map<Ref<R>, R> found = new HashMap<>();
    rows.stream()
        .filter(row -> row.apiClass().equals(apiClass))
        .forEach(row -> found.put((Ref<R>) row.ref(), (R) row.record()));
    return found;
  }

  /**
   * Reads a file to its end.
   *
   * @throws ApiError RESTORE_INCOMPATIBLE_VERSION for one of another product or a newer version;
   *     RESTORE_SCRIPT_FAILED when it is damaged
   */
  static Dump read(InputStream in) {
    try {
      return new Reading(XmlElement.reader(new InputStreamReader(in, UTF_8))).all();
    } catch (XMLStreamException | IllegalArgumentException e) {
      throw ApiErrors.restoreScriptFailed(String.valueOf(e.getMessage()));
    }
  }

  /** One pass through a file. */
  private static final class Reading {
    private final XMLStreamReader xml;
    private final List<Read<?>> rows = new ArrayList<>();
    private final Map<String, String> manifest = new HashMap<>();
    private Optional<ApiClass<? extends ApiRecord>> table = Optional.empty();

    Reading(XMLStreamReader xml) {
      this.xml = xml;
    }

    Dump all() throws XMLStreamException {
      boolean begun = false;
      while (xml.hasNext()) {
        int event = xml.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
          if (!begun && !xml.getLocalName().equals("database")) {
            throw new IllegalArgumentException("the file is no database");
          }
          begun = true;
          element();
        } else if (event == XMLStreamConstants.DTD) {
          throw new IllegalArgumentException("a database has no document type");
        }
      }
      checkVersion();
      return new Dump(rows);
    }

    private void element() {
      switch (xml.getLocalName()) {
        case "pair" -> manifest.put(attribute("key"), attribute("value"));
        case "table" -> {
          checkVersion();
          table = Optional.of(table(attribute("name")));
        }
        case "row" ->
            rows.add(
                row(table.orElseThrow(() -> new IllegalArgumentException("a row of no table"))));
        case "database", "manifest" -> {}
        default -> throw new IllegalArgumentException("no such element: " + xml.getLocalName());
      }
    }

    private void checkVersion() {
      if (!Product.BRAND.equals(manifest.get(DumpWriter.BRAND))
          || number(DumpWriter.MAJOR) != Product.API_MAJOR
          || number(DumpWriter.MINOR) > Product.API_MINOR) {
        throw ApiErrors.restoreIncompatibleVersion();
      }
    }

    private long number(String key) {
      return Long.parseLong(manifest.getOrDefault(key, "-1"));
    }

    private String attribute(String name) {
      String value = xml.getAttributeValue(null, name);
      if (value == null) {
        throw new IllegalArgumentException(xml.getLocalName() + " has no " + name);
      }
      return value;
    }

    private static ApiClass<? extends ApiRecord> table(String name) {
      return ApiModel.CLASSES.stream()
          .filter(apiClass -> apiClass.name().equals(name) && DumpColumns.has(apiClass))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no such table: " + name));
    }

    private <R extends ApiRecord> Read<R> row(ApiClass<R> apiClass) {
      Map<String, Field<R, ?>> columns = DumpColumns.of(apiClass);
      RecordBuilder<R> record = RecordBuilder.of(apiClass.blank());
      for (int i = 0; i < xml.getAttributeCount(); i++) {
        String column = xml.getAttributeLocalName(i);
        if (!column.equals(REF) && !column.startsWith("_")) {
          Field<R, ?> field = columns.get(column);
          if (field == null) {
            throw new IllegalArgumentException(apiClass.name() + " has no column " + column);
          }
          read(field, xml.getAttributeValue(i), record);
        }
      }
      return new Read<>(apiClass, Ref.of(attribute(REF)), record.build());
    }

    private static <R extends ApiRecord> void read(
        Field<R, ?> field, String text, RecordBuilder<R> record) {
      try {
        field.read(DumpText.value(field.type(), text), record);
      } catch (ApiError e) {
        throw new IllegalArgumentException(String.join(" ", e.description()), e);
      }
    }
  }
}
