package io.keelson.host.block;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Disks as JSON options of the block layer, and as arguments of its programs. Formats are always
 * named, so that none is ever guessed from what a guest may have written.
 */
public final class BlockNode {
  private BlockNode() {}

  /** How the bytes at a location are reached. Raises UNSUPPORTED for an unknown kind of place. */
  public static String bytes(String location) {
    if (location.startsWith("/")) {
      return file(location);
    }
    if (location.startsWith(DiskSource.NOTHING)) {
      long size = Long.parseLong(location.substring(DiskSource.NOTHING.length()));
      return "{\"driver\":\"null-co\",\"read-zeroes\":true,\"size\":" + size + "}";
    }
    URI url = URI.create(location);
    return switch (String.valueOf(url.getScheme())) {
      case "nfs" ->
          "{\"driver\":\"nfs\",\"server\":{\"type\":\"inet\",\"host\":%s},\"path\":%s}"
              .formatted(quoted(url.getHost()), quoted(url.getPath()));
      case "iscsi" -> IscsiLocation.of(url).json();
      default ->
          throw new DriverException(Reason.UNSUPPORTED, "no place of a disk image: " + location);
    };
  }

  private static String file(String path) {
    Path file = Path.of(path);
    boolean device = file.startsWith("/dev") && !Files.isRegularFile(file);
    // A drive may be empty, and its medium may change.
    boolean cd = device && file.getFileName().toString().matches("sr\\d+");
    return "{\"driver\":\"%s\",\"filename\":%s,\"locking\":\"on\"}"
        .formatted(cd ? "host_cdrom" : device ? "host_device" : "file", quoted(path));
  }

  /** The arguments by which qemu-img, qemu-io and qemu-nbd open the disk. */
  public static List<String> arguments(DiskSource source) {
    String name = name(source);
    if (name.equals(source.location())) {
      return List.of("-f", format(source), name);
    }
    return BlockSecret.of(source.location())
        .map(secret -> List.of("--object", secret.argument(), name))
        .orElse(List.of(name));
  }

  /** What the disk is called where one name is all there is, as in the header of an image. */
  public static String name(DiskSource source) {
    String location = source.location();
    return location.startsWith("/") || location.startsWith("nfs://")
        ? location
        : "json:{\"driver\":\"" + format(source) + "\",\"file\":" + bytes(location) + "}";
  }

  /** The name of its format. */
  public static String format(DiskSource source) {
    return source.format().name().toLowerCase(Locale.ROOT);
  }

  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
