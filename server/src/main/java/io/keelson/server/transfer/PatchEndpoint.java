package io.keelson.server.transfer;

import io.keelson.api.ApiErrors;
import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.api.Type;
import io.keelson.api.model.PoolPatch;
import io.keelson.control.gate.HttpAction;
import io.keelson.control.patch.Patches;
import io.keelson.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The files of patches: /pool_patch_upload and /pool_patch_download. */
public final class PatchEndpoint {
  private static final Type<Ref<PoolPatch>> PATCH = new Type.Reference<>("pool_patch");

  private final TransferEndpoint transfers;
  private final Patches patches;

  public PatchEndpoint(TransferEndpoint transfers, Patches patches) {
    this.transfers = transfers;
    this.patches = patches;
  }

  public List<Route> routes() {
    return List.of(
        transfers.route(
            "PUT",
            "/pool_patch_upload",
            HttpAction.PUT_POOL_PATCH_UPLOAD,
            "Uploading a patch",
            this::upload),
        transfers.route(
            "GET",
            "/pool_patch_download",
            HttpAction.GET_POOL_PATCH_DOWNLOAD,
            "Fetching a patch",
            this::download));
  }

  private Reply upload(TransferCall call) {
    return Reply.of(PATCH, patches.upload(call.call(), call.body(), call.length()));
  }

  private Reply download(TransferCall call) {
    String name =
        call.parameter("uuid")
            .or(() -> call.parameter("ref"))
            .orElseThrow(() -> ApiErrors.invalidValue("uuid", ""));
    Patches.Content content = patches.open(name);
    try (InputStream in = Channels.newInputStream(content.file())) {
      OutputStream out =
          call.reply(
              "application/octet-stream",
              Optional.of(content.uuid() + ".patch"),
              OptionalLong.of(content.file().size()));
      in.transferTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Reply.NOTHING;
  }
}
