package io.keelson.server.transfer;

import io.keelson.api.Reply;
import io.keelson.control.database.dump.Restore;
import io.keelson.control.gate.HttpAction;
import io.keelson.http.Route;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The database as a file: GET and PUT of /pool/xmldbdump. */
public final class DatabaseEndpoint {
  private static final String PATH = "/pool/xmldbdump";
  private static final String DRY_RUN = "dry_run";

  private final TransferEndpoint transfers;
  private final Restore restore;

  public DatabaseEndpoint(TransferEndpoint transfers, Restore restore) {
    this.transfers = transfers;
    this.restore = restore;
  }

  public List<Route> routes() {
    return List.of(
        transfers.route(
            "GET", PATH, HttpAction.GET_POOL_XML_DB_SYNC, "Backing up the database", this::save),
        transfers.route(
            "PUT", PATH, HttpAction.PUT_POOL_XML_DB_SYNC, "Restoring the database", this::load));
  }

  private Reply save(TransferCall call) {
    try (OutputStream out =
        call.reply("text/xml", Optional.of("pool-database.xml"), OptionalLong.empty())) {
      restore.save(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Reply.NOTHING;
  }

  private Reply load(TransferCall call) {
    restore.restore(call.call(), call.body(), call.flag(DRY_RUN));
    return Reply.NOTHING;
  }
}
