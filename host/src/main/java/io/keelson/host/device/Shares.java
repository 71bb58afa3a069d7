package io.keelson.host.device;

import io.keelson.host.PciDevice.Share;
import io.keelson.host.PciDevice.Technique;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kinds of parts into which a driver of the kernel divides its device ("mediated devices"). */
final class Shares {
  private static final String TYPES = "mdev_supported_types";

  /** NVIDIA's drivers write {@code framebuffer=1024M}, Intel's {@code high_gm_size: 384MB}. */
  private static final Pattern FRAMEBUFFER =
      Pattern.compile("(?:framebuffer=|high_gm_size: *)(\\d{1,7})M");

  private static final Pattern RESOLUTION =
      Pattern.compile("resolution[=:] *(\\d{1,6})x(\\d{1,6})");
  private static final Pattern HEADS = Pattern.compile("num_heads=(\\d{1,3})");
  private static final Pattern MOST = Pattern.compile("max_instance=(\\d{1,4})");

  private Shares() {}

  /**
   * @param folder the device's
   * @param vendor the maker's number
   */
  static List<Share> of(Path folder, String vendor, String device, String vendorName) {
    Optional<Technique> technique = technique(vendor);
    return technique.isEmpty()
        ? List.of()
        : Sysfs.names(folder.resolve(TYPES)).stream()
            .map(type -> share(folder, vendor + ":" + device, type, technique.get(), vendorName))
            .toList();
  }

  /** The API has words for these two only. */
  private static Optional<Technique> technique(String vendor) {
    return switch (vendor) {
      case "10de" -> Optional.of(Technique.NVIDIA);
      case "8086" -> Optional.of(Technique.GVT_G);
      default -> Optional.empty();
    };
  }

  private static Share share(
      Path folder, String model, String type, Technique technique, String vendorName) {
    Path about = folder.resolve(TYPES).resolve(type);
    String description = Sysfs.text(about.resolve("description"));
    String name = Sysfs.text(about.resolve("name"));
    return new Share(
        model + ":" + type,
        technique,
        vendorName,
        name.isEmpty() ? type : name,
        (long) number(FRAMEBUFFER, description, 1, 0) << 20,
        number(HEADS, description, 1, 1),
        number(RESOLUTION, description, 1, 0),
        number(RESOLUTION, description, 2, 0),
        number(MOST, description, 1, free(about) + Sysfs.names(about.resolve("devices")).size()));
  }

  private static int free(Path about) {
    String text = Sysfs.text(about.resolve("available_instances"));
    return text.matches("\\d{1,4}") ? Integer.parseInt(text) : 0;
  }

  private static int number(Pattern pattern, String text, int group, int otherwise) {
    Matcher found = pattern.matcher(text);
    return found.find() ? Integer.parseInt(found.group(group)) : otherwise;
  }

  /** The folder where such a part is ordered, of the device that it is a part of. */
  static Path folder(Path device, String identifier) {
    return device.resolve(TYPES).resolve(identifier.substring(identifier.lastIndexOf(':') + 1));
  }
}
