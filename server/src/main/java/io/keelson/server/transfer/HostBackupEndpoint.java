package io.keelson.server.transfer;

import io.keelson.api.Reply;
import io.keelson.control.backup.HostBackup;
import io.keelson.control.gate.HttpAction;
import io.keelson.http.Route;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What a host's toolstack keeps, as an archive: /host_backup and /host_restore. */
public final class HostBackupEndpoint {
  private final TransferEndpoint transfers;
  private final HostBackup backup;

  public HostBackupEndpoint(TransferEndpoint transfers, HostBackup backup) {
    this.transfers = transfers;
    this.backup = backup;
  }

  public List<Route> routes() {
    return List.of(
        transfers.route(
            "GET", "/host_backup", HttpAction.GET_HOST_BACKUP, "Backing up the host", this::save),
        transfers.route(
            "PUT",
            "/host_restore",
            HttpAction.PUT_HOST_RESTORE,
            "Restoring the host",
            this::restore));
  }

  private Reply save(TransferCall call) {
    backup.save((archive, length) -> {
      try (OutputStream out =
          call.reply(
              "application/x-tar", Optional.of("host-backup.tar"), OptionalLong.of(length))) {
        archive.transferTo(out);
      }
    });
    return Reply.NOTHING;
  }

  private Reply restore(TransferCall call) {
    backup.restore(call.call(), call.body());
    return Reply.NOTHING;
  }
}
