package io.keelson.host.device;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The consoles that the kernel draws on screens. One that is hidden shows nothing any more; serial
 * lines and logins over the network are not concerned.
 *
 * @param root where {@code sys} lies
 */
record Screens(Path root) {
  private static final String BIND = "bind";

  /** Consoles that draw now: the kernel also has one that shows nothing. */
  private List<Path> drawing() {
    Path all = root.resolve("sys/class/vtconsole");
    return Sysfs.names(all).stream()
        .map(all::resolve)
        .filter(console -> Sysfs.text(console.resolve(BIND)).equals("1"))
        .filter(console -> !Sysfs.text(console.resolve("name")).contains("dummy"))
        .toList();
  }

  void require() {
    for (Path console : drawing()) {
      if (!Files.isWritable(console.resolve(BIND))) {
        throw new DriverException(
            Reason.UNSUPPORTED, "this server may not take the console from the host's screen");
      }
    }
  }

  void hide() {
    drawing().forEach(console -> Sysfs.order(console.resolve(BIND), "0"));
  }
}
