package io.keelson.control.vm.provision;

import io.keelson.api.ApiErrors;
import io.keelson.api.model.VdiType;
import io.keelson.control.web.XmlElement;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The disks that a template asks for, as its other_config describes them: {@code <provision><disk
 * device="0" size="8589934592" sr="" bootable="true" type="system"/></provision>}.
 */
final class WantedDisks {
  /** The other_config key. */
  static final String KEY = "disks";

  private static final int MOST = 255;

  private WantedDisks() {}

  /**
   * One disk.
   *
   * @param device userdevice of its drive
   * @param size bytes
   * @param sr uuid of its repository; empty for the pool's default
   */
  record Disk(String device, long size, String sr, boolean bootable, VdiType type) {}

  /**
   * @throws io.keelson.api.ApiError INVALID_VALUE when the text describes no disks
   */
  static List<Disk> read(String xml) {
    try {
      XMLStreamReader reader = XmlElement.reader(new StringReader(xml));
      List<Disk> disks = new ArrayList<>();
      while (reader.hasNext()) {
        if (XmlElement.next(reader) == XMLStreamConstants.START_ELEMENT
            && reader.getLocalName().equals("disk")) {
          disks.add(disk(reader));
        }
      }
      if (disks.size() > MOST) {
        throw ApiErrors.invalidValue(KEY, xml);
      }
      return disks;
    } catch (XMLStreamException | IllegalArgumentException _) {
      throw ApiErrors.invalidValue(KEY, xml);
    }
  }

  private static Disk disk(XMLStreamReader reader) {
    String type = attribute(reader, "type");
    return new Disk(
        attribute(reader, "device"),
        Long.parseLong(attribute(reader, "size")),
        attribute(reader, "sr"),
        Boolean.parseBoolean(attribute(reader, "bootable")),
        type.isEmpty() ? VdiType.USER : VdiType.of(type));
  }

  /** Empty where the element has none of that name. */
  private static String attribute(XMLStreamReader reader, String name) {
    return Optional.ofNullable(reader.getAttributeValue(null, name)).orElse("");
  }
}
