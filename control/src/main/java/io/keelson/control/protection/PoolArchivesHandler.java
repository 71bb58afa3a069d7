package io.keelson.control.protection;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.api.Type;
import io.keelson.api.Types;
import io.keelson.api.messages.PoolArchives;
import io.keelson.api.model.Pool;
import io.keelson.api.model.VmppArchiveTargetType;
import io.keelson.host.DriverException;
import io.keelson.host.Shares;
import io.keelson.store.Store;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * pool.test_archive_target: tries a place for archives as the archives themselves would use it, by
 * a file that is written, read and deleted.
 *
 * @param xml a reply as XML
 */
record PoolArchivesHandler(Store store, Shares shares, Function<Reply, String> xml)
    implements PoolArchives {
  private static final String TYPE = "type";
  private static final String CONTENT = "a trial of this place for archives";

  /**
   * A structure: {@code Status} is {@code Success}, or {@code Failure} with {@code
   * ErrorDescription}. The settings are those of a policy's archive_target_config, and {@code
   * type}; without that, the location says which it is.
   *
   * @throws io.keelson.api.ApiError INVALID_VALUE for settings that no place can have
   */
  @Override
  public String testArchiveTarget(Call call, Ref<Pool> self, Map<String, String> config) {
    store.snapshot().get(ApiModel.POOL, self);
    Map<String, String> settings = new HashMap<>(config);
    String location = settings.getOrDefault(PolicyKeys.LOCATION, "");
    String usual = location.startsWith("//") ? "cifs" : "nfs";
    String given = settings.getOrDefault(TYPE, usual);
    settings.remove(TYPE);
    VmppArchiveTargetType type = type(given);
    Map<String, String> checked = PolicyKeys.target(type).checked(settings);
    ArchivePlace place =
        ArchivePlace.of(
            type,
            location,
            checked.getOrDefault(PolicyKeys.USERNAME, ""),
            PolicySecrets.open(store.snapshot(), checked));
    return xml.apply(Reply.of(new Type.MapOf<>(Types.STRING, Types.STRING), tried(place)));
  }

  private static VmppArchiveTargetType type(String given) {
    return switch (given) {
      case "nfs" -> VmppArchiveTargetType.NFS;
      case "cifs" -> VmppArchiveTargetType.CIFS;
      default -> throw ApiErrors.invalidValue(TYPE, given);
    };
  }

  private Map<String, String> tried(ArchivePlace place) {
    try {
      Path root = place.open(shares);
      try {
        write(root);
      } finally {
        place.close(shares);
      }
      return Map.of("Status", "Success");
    } catch (IOException | DriverException e) {
      return Map.of("Status", "Failure", "ErrorDescription", why(e));
    }
  }

  /** Java's own texts of files are often no more than a path. */
  private static String why(Exception failure) {
    return "the place cannot be used: "
        + switch (failure) {
          case NoSuchFileException _ -> "there is no such folder";
          case AccessDeniedException _ -> "nothing may be written there";
          default -> failure.getMessage();
        };
  }

  private static void write(Path root) throws IOException {
    Path file = root.resolve(".trial-" + UUID.randomUUID());
    try {
      Files.write(file, CONTENT.getBytes(US_ASCII));
      if (!new String(Files.readAllBytes(file), US_ASCII).equals(CONTENT)) {
        throw new IOException("what was written is not what is read");
      }
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
