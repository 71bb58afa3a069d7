package io.keelson.control.vm.provision;

import io.keelson.api.ApiErrors;
import io.keelson.api.model.VdiType;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

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
      DocumentBuilder builder = factory().newDocumentBuilder();
      builder.setErrorHandler(new DefaultHandler()); // the usual one prints
      NodeList elements =
          builder.parse(new InputSource(new StringReader(xml))).getElementsByTagName("disk");
      if (elements.getLength() > MOST) {
        throw ApiErrors.invalidValue(KEY, xml);
      }
      List<Disk> disks = new ArrayList<>();
      for (int i = 0; i < elements.getLength(); i++) {
        disks.add(disk((Element) elements.item(i)));
      }
      return disks;
    } catch (SAXException | IOException | IllegalArgumentException _) {
      throw ApiErrors.invalidValue(KEY, xml);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads no document types and no other files, so that a description is all there is to it. */
  private static DocumentBuilderFactory factory() throws ParserConfigurationException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    factory.setXIncludeAware(false);
    factory.setExpandEntityReferences(false);
    return factory;
  }

  private static Disk disk(Element element) {
    String type = element.getAttribute("type");
    return new Disk(
        element.getAttribute("device"),
        Long.parseLong(element.getAttribute("size")),
        element.getAttribute("sr"),
        Boolean.parseBoolean(element.getAttribute("bootable")),
        type.isEmpty() ? VdiType.USER : VdiType.of(type));
  }
}
