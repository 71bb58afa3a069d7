package io.keelson.control.rules;

import io.keelson.api.ApiErrors;
import io.keelson.api.model.Vm;
import io.keelson.control.web.XmlElement;
import java.io.StringReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * How large a VM may become, as its recommendations say, which it has from its template: {@code
 * <restrictions><restriction field="vcpus-max" max="64"/><restriction property="number-of-vbds"
 * max="255"/></restrictions>}. They hold for what a caller changes; a VM that was larger before, or
 * where it comes from, stays as it is.
 */
public final class Recommendations {
  private static final Recommendations NONE = new Recommendations(Map.of());

  private final Map<String, Range> ranges;

  private Recommendations(Map<String, Range> ranges) {
    this.ranges = Map.copyOf(ranges);
  }

  private record Range(long min, long max) {}

  /** What is recommended for a VM; nothing where that is no document of restrictions. */
  public static Recommendations of(Vm vm) {
    if (vm.recommendations().isBlank()) {
      return NONE;
    }
    Map<String, Range> ranges = new HashMap<>();
    try {
      XMLStreamReader reader = XmlElement.reader(new StringReader(vm.recommendations()));
      while (reader.hasNext()) {
        if (XmlElement.next(reader) == XMLStreamConstants.START_ELEMENT
            && reader.getLocalName().equals("restriction")) {
          attribute(reader, "field")
              .or(() -> attribute(reader, "property"))
              .ifPresent(name ->
                  ranges.put(
                      name,
                      new Range(
                          number(reader, "min", Long.MIN_VALUE),
                          number(reader, "max", Long.MAX_VALUE))));
        }
      }
    } catch (XMLStreamException | NumberFormatException _) {
      return NONE; // a text of the user's that says nothing
    }
    return new Recommendations(ranges);
  }

  /**
   * @param bytes of the static maximum that is wanted
   * @throws io.keelson.api.ApiError VALUE_NOT_SUPPORTED
   */
  public void checkMemory(long bytes) {
    check("memory-static-max", "memory_static_max", bytes);
  }

  /**
   * @throws io.keelson.api.ApiError VALUE_NOT_SUPPORTED
   */
  public void checkProcessors(long most) {
    check("vcpus-max", "VCPUs_max", most);
  }

  /**
   * @param count of the drives that there would be
   * @throws io.keelson.api.ApiError VALUE_NOT_SUPPORTED
   */
  public void checkDrives(int count) {
    check("number-of-vbds", "VBDs", count);
  }

  /**
   * @param count of the network cards that there would be
   * @throws io.keelson.api.ApiError VALUE_NOT_SUPPORTED
   */
  public void checkCards(int count) {
    check("number-of-vifs", "VIFs", count);
  }

  private void check(String name, String field, long value) {
    Range range = ranges.get(name);
    if (range != null && (value < range.min() || value > range.max())) {
      String bound = value > range.max() ? "at most " + range.max() : "at least " + range.min();
      throw ApiErrors.valueNotSupported(
          field, Long.toString(value), "the VM's recommendations allow " + bound);
    }
  }

  private static Optional<String> attribute(XMLStreamReader reader, String name) {
    return Optional.ofNullable(reader.getAttributeValue(null, name));
  }

  private static long number(XMLStreamReader reader, String name, long otherwise) {
    return attribute(reader, name).map(text -> Long.parseLong(text.strip())).orElse(otherwise);
  }
}
