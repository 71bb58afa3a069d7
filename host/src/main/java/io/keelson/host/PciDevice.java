package io.keelson.host;

import java.util.List;
import java.util.Set;

/**
 * A device on a PCI bus.
 *
 * @param address domain, bus, slot and function, such as 0000:03:00.0
 * @param classCode base class and subclass, 16 bits
 * @param className what sort of device that is, in words
 * @param vendor the maker's number, four hexadecimal digits
 * @param device the maker's number for it, four hexadecimal digits
 * @param subsystemVendorName who made the card that it sits on; empty when that is not known
 * @param subsystemDeviceName what that card is called; empty when that is not known
 * @param together the addresses of other devices that only go along with it
 * @param bootDisplay whether the machine's firmware shows itself on it
 * @param shares the kinds of parts that it can be divided into
 */
public record PciDevice(
    String address,
    int classCode,
    String className,
    String vendor,
    String vendorName,
    String device,
    String deviceName,
    String subsystemVendorName,
    String subsystemDeviceName,
    Set<String> together,
    boolean bootDisplay,
    List<Share> shares) {
  private static final int DISPLAY = 0x03;

  public PciDevice {
    together = Set.copyOf(together);
    shares = List.copyOf(shares);
  }

  /** Whether it draws pictures or computes as what draws pictures does. */
  public boolean isDisplay() {
    return classCode >> 8 == DISPLAY;
  }

  /** Whose way of dividing graphics processors it is. */
  public enum Technique {
    NVIDIA,
    GVT_G
  }

  /**
   * A kind of part.
   *
   * @param identifier tells it from all other kinds, whatever host it is on
   * @param framebufferBytes its video memory
   * @param heads screens at most
   * @param width of a screen at most, pixels
   * @param height of a screen at most, pixels
   * @param most how many there can be when there are no others
   */
  public record Share(
      String identifier,
      Technique technique,
      String vendorName,
      String modelName,
      long framebufferBytes,
      int heads,
      int width,
      int height,
      int most) {}
}
