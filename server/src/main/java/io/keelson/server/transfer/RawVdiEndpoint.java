package io.keelson.server.transfer;

import io.keelson.api.ApiErrors;
import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.api.Type;
import io.keelson.api.model.Vdi;
import io.keelson.control.gate.HttpAction;
import io.keelson.control.storage.RawVdis;
import io.keelson.control.storage.VdiFormat;
import io.keelson.control.storage.VdiUpload;
import io.keelson.http.Route;
import java.util.List;
import java.util.Optional;

/** Disks, sent and fetched one at a time: /import_raw_vdi and /export_raw_vdi. */
public final class RawVdiEndpoint {
  private static final Type<Ref<Vdi>> VDI = new Type.Reference<>("VDI");

  private final TransferEndpoint transfers;
  private final RawVdis vdis;

  public RawVdiEndpoint(TransferEndpoint transfers, RawVdis vdis) {
    this.transfers = transfers;
    this.vdis = vdis;
  }

  public List<Route> routes() {
    return List.of(
        transfers.route(
            "PUT",
            "/import_raw_vdi",
            HttpAction.PUT_IMPORT_RAW_VDI,
            "Importing raw VDI",
            this::receive),
        transfers.route(
            "GET",
            "/export_raw_vdi",
            HttpAction.GET_EXPORT_RAW_VDI,
            "Exporting raw VDI",
            this::send));
  }

  private Reply receive(TransferCall call) {
    VdiUpload upload =
        new VdiUpload(
            call.body(),
            format(call),
            call.names("chunked"),
            call.length(),
            call.endIsTold(),
            call.parameter("base").map(vdis::volume),
            vdis.scratch());
    Optional<Ref<Vdi>> vdi = call.parameter("vdi").map(vdis::vdi);
    Ref<Vdi> written =
        vdi.isPresent()
            ? vdis.upload(call.call(), vdi.get(), upload)
            : vdis.uploadNew(
                call.call(),
                call.parameter("sr_id")
                    .or(() -> call.parameter("sr_uuid"))
                    .map(vdis::sr)
                    .orElseThrow(() -> ApiErrors.invalidValue("vdi", "")),
                upload);
    return Reply.of(VDI, written);
  }

  private Reply send(TransferCall call) {
    Ref<Vdi> vdi =
        vdis.vdi(call.parameter("vdi").orElseThrow(() -> ApiErrors.invalidValue("vdi", "")));
    vdis.download(
        call.call(),
        vdi,
        call.parameter("base").map(vdis::vdi),
        format(call),
        (type, name, length) -> call.reply(type, Optional.of(name), length));
    return Reply.NOTHING;
  }

  private static VdiFormat format(TransferCall call) {
    return VdiFormat.of(call.parameter("format").orElse(VdiFormat.RAW.text()));
  }
}
