package io.keelson.host.block;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * A password that the block layer reads from a file, so that it is on no command line.
 *
 * @param file holds the password and nothing else
 */
public record BlockSecret(Path file) {

  /** The password that opening the location needs. */
  public static Optional<BlockSecret> of(String location) {
    return location.startsWith("iscsi://")
        ? IscsiLocation.of(URI.create(location)).passwordFile().map(BlockSecret::new)
        : Optional.empty();
  }

  /** Its name in a program. */
  public String id() {
    return "secret-" + UUID.nameUUIDFromBytes(file.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** As JSON options. */
  public String json() {
    return "{\"qom-type\":\"secret\",\"id\":\"%s\",\"file\":%s}"
        .formatted(id(), BlockNode.quoted(file.toString()));
  }

  /** As an argument of a program; a comma in it is written twice. */
  String argument() {
    return "secret,id=" + id() + ",file=" + file.toString().replace(",", ",,");
  }
}
