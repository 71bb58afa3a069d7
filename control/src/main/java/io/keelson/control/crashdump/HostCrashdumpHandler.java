package io.keelson.control.crashdump;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.HostCrashdumpMessages;
import io.keelson.api.model.HostCrashdump;
import io.keelson.control.Resources;
import io.keelson.control.web.Upload;
import io.keelson.host.CrashDumps;
import io.keelson.host.CrashDumps.File;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.image.tar.TarStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Removing hosts' crash dumps, and sending them to whoever can read them. */
public record HostCrashdumpHandler(Resources resources) implements HostCrashdumpMessages {
  /** A dump may be as big as the machine's memory. */
  private static final Duration PATIENCE = Duration.ofHours(6);

  @Override
  public void destroy(Call call, Ref<HostCrashdump> self) {
    resources
        .operations()
        .run(
            call,
            new CrashDumpSteps(self, true, (dump, _) -> dumps().delete(dump.host(), dump.name())));
  }

  /**
   * Puts an archive (tar) of the dump's files to an http or https URL.
   *
   * @throws ApiError INVALID_VALUE, VALUE_NOT_SUPPORTED for other URLs;
   *     SYSTEM_STATUS_RETRIEVAL_FAILED when it does not arrive, or the dump's files are gone
   */
  @Override
  public void upload(Call call, Ref<HostCrashdump> self, String url, Map<String, String> options) {
    resources
        .operations()
        .run(
            call,
            new CrashDumpSteps(
                self, false, (dump, progress) -> send(dump, url, options, progress)));
  }

  private void send(
      CrashDumpSteps.Place dump, String url, Map<String, String> options, Progress progress) {
    try {
      List<File> files = dumps().files(dump.host(), dump.name());
      TarStream tar =
          TarStream.of(
              files.stream()
                  .map(file ->
                      new TarStream.Part(
                          dump.name() + "/" + file.name(),
                          file.sizeBytes(),
                          () -> dumps().open(dump.host(), dump.name(), file.name())))
                  .toList());
      new Upload(resources.drivers().trust(), PATIENCE)
          .put(url, options, "application/x-tar", tar::open, tar.length(), progress);
    } catch (DriverException e) {
      if (e.reason() == Reason.NOT_FOUND) {
        throw ApiErrors.systemStatusRetrievalFailed(String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  private CrashDumps dumps() {
    return resources.drivers().machine().crashDumps();
  }
}
