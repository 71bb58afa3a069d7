package io.keelson.server.transfer;

import io.keelson.api.ApiErrors;
import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.api.Type;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vm;
import io.keelson.control.exchange.DeviceType;
import io.keelson.control.exchange.ExportOptions;
import io.keelson.control.exchange.ImportOptions;
import io.keelson.control.exchange.VmExchange;
import io.keelson.control.gate.HttpAction;
import io.keelson.http.Route;
import io.keelson.image.Compressed;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** VMs as archives: /export, /import, /export_metadata and /import_metadata. */
public final class VmExchangeEndpoint {
  private static final Type<Set<Ref<Vm>>> VMS = new Type.SetOf<>(new Type.Reference<Vm>("VM"));
  private static final String OCTETS = "application/octet-stream";

  private final TransferEndpoint transfers;
  private final VmExchange exchange;

  public VmExchangeEndpoint(TransferEndpoint transfers, VmExchange exchange) {
    this.transfers = transfers;
    this.exchange = exchange;
  }

  public List<Route> routes() {
    return List.of(
        transfers.route("GET", "/export", HttpAction.GET_EXPORT, "VM.export", this::export),
        transfers.route("PUT", "/import", HttpAction.PUT_IMPORT, "VM.import", this::receive),
        transfers.route(
            "GET",
            "/export_metadata",
            HttpAction.GET_EXPORT_METADATA,
            "VM.metadata_export",
            this::exportMetadata),
        transfers.route(
            "PUT",
            "/import_metadata",
            HttpAction.PUT_IMPORT_METADATA,
            "VM.metadata_import",
            this::receiveMetadata));
  }

  private Reply export(TransferCall call) {
    Compressed compression = compression(call.parameter("use_compression").orElse("false"));
    ExportOptions options =
        new ExportOptions(
            unlessDenied(call, "export_snapshots"), call.flag("preserve_power_state"));
    exchange.export(
        call.call(),
        vm(call),
        options,
        compression,
        () -> call.reply(OCTETS, Optional.of("export.xva"), OptionalLong.empty()));
    return Reply.NOTHING;
  }

  private Reply exportMetadata(TransferCall call) {
    List<Ref<Vm>> vms =
        call.flag("all") ? exchange.all(unlessDenied(call, "include_dom0")) : List.of(vm(call));
    ExportOptions options =
        new ExportOptions(
            unlessDenied(call, "export_snapshots"),
            false,
            call.flag("include_vhd_parents"),
            DeviceType.listed(call.parameter("excluded_device_types").orElse("")));
    byte[] archive = exchange.exportMetadata(vms, options);
    try (OutputStream out =
        call.reply(OCTETS, Optional.of("export.xva"), OptionalLong.of(archive.length))) {
      out.write(archive);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // the stream raises none
    }
    return Reply.NOTHING;
  }

  private Reply receive(TransferCall call) {
    Optional<Ref<Sr>> sr =
        call.parameter("sr_id")
            .<Ref<Sr>>map(exchange::repository)
            .or(() -> call.parameter("sr_uuid").map(exchange::repository));
    return take(call, new ImportOptions.InArchive(sr));
  }

  private Reply receiveMetadata(TransferCall call) {
    return take(call, new ImportOptions.InPool(call.parametersAfter("vdi:")));
  }

  private Reply take(TransferCall call, ImportOptions.Disks disks) {
    if (call.flag("live")) {
      throw ApiErrors.valueNotSupported(
          "live", "true", "No VM that runs elsewhere can be taken over; it can be imported halted");
    }
    ImportOptions options =
        new ImportOptions(
            disks,
            call.flag("restore"),
            call.flag("force"),
            call.flag("dry_run"),
            call.flag("check_cpu"));
    return Reply.of(VMS, exchange.take(call.call(), call.body(), options));
  }

  private Ref<Vm> vm(TransferCall call) {
    return call.parameter("ref")
        .<Ref<Vm>>map(Ref::of)
        .or(() -> call.parameter("uuid").map(exchange::vm))
        .orElseThrow(() -> ApiErrors.invalidValue("uuid", ""));
  }

  private static boolean unlessDenied(TransferCall call, String name) {
    return !call.parameter(name).orElse("true").equals("false");
  }

  private static Compressed compression(String text) {
    return switch (text) {
      case "true", "gzip" -> Compressed.GZIP;
      case "zstd" -> Compressed.ZSTD;
      case "false", "" -> Compressed.PLAIN;
      default -> throw ApiErrors.invalidValue("use_compression", text);
    };
  }
}
