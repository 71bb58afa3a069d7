package io.keelson.conformance.fuzz.make;

import io.keelson.conformance.surface.Surface;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Requests for the paths at which files, consoles and measurements are. */
final class FileCases {
  /** A path with the parameters that it looks at. */
  private record Place(String method, String path, List<String> parameters) {}

  private static final List<Place> READ =
      List.of(
          new Place(
              "GET",
              "/export",
              List.of(
                  "uuid",
                  "ref",
                  "use_compression",
                  "task_id",
                  "preserve_power_state",
                  "export_snapshots")),
          new Place(
              "GET",
              "/export_metadata",
              List.of(
                  "uuid",
                  "ref",
                  "all",
                  "include_dom0",
                  "include_vhd_parents",
                  "export_snapshots",
                  "excluded_device_types",
                  "task_id")),
          new Place(
              "GET", "/export_raw_vdi", List.of("vdi", "format", "base", "task_id", "chunked")),
          new Place(
              "GET",
              "/rrd_updates",
              List.of("start", "interval", "cf", "host", "json", "vm_uuid", "sr_uuid")),
          new Place("GET", "/vm_rrd", List.of("uuid", "json")),
          new Place("GET", "/host_rrd", List.of("uuid", "json")),
          new Place("GET", "/sr_rrd", List.of("uuid", "json")),
          new Place("GET", "/metrics", List.of("a")),
          new Place("GET", "/health", List.of("a")),
          new Place("GET", "/consistency", List.of("a")),
          new Place("GET", "/audit_log", List.of("since", "task_id")),
          new Place("GET", "/blob", List.of("ref", "uuid", "task_id")),
          new Place("GET", "/pool_patch_download", List.of("uuid", "ref")),
          new Place("GET", "/pool/xmldbdump", List.of("task_id")),
          new Place("GET", "/host_backup", List.of("task_id")),
          new Place("GET", "/system-status", List.of("entries", "output", "uuid", "task_id")),
          new Place("GET", "/host_logs_download", List.of("task_id")),
          new Place("GET", "/wlb_report", List.of("report", "task_id", "a")),
          new Place("GET", "/wlb_diagnostics", List.of("task_id")),
          new Place("GET", "/vncsnapshot", List.of("ref", "uuid")));
  private static final List<Place> WRITE =
      List.of(
          new Place(
              "PUT",
              "/import",
              List.of(
                  "sr_id",
                  "sr_uuid",
                  "restore",
                  "force",
                  "dry_run",
                  "live",
                  "check_cpu",
                  "task_id")),
          new Place(
              "PUT",
              "/import_metadata",
              List.of("restore", "force", "dry_run", "live", "vdi:a", "task_id")),
          new Place(
              "PUT",
              "/import_raw_vdi",
              List.of("vdi", "format", "chunked", "base", "sr_id", "sr_uuid", "task_id")),
          new Place("PUT", "/blob", List.of("ref", "uuid", "task_id")),
          new Place("PUT", "/pool_patch_upload", List.of("sr_id", "sr_uuid", "task_id")),
          new Place("PUT", "/pool/xmldbdump", List.of("dry_run", "task_id")),
          new Place("PUT", "/host_restore", List.of("dry_run", "task_id")),
          new Place("PUT", "/messages", List.of("a")));

  /** How the names of backups begin that are wrong as a number decides. */
  static final String BACKUP = "backup:";

  private static final List<String> HEAVY =
      List.of(
          "/system-status",
          "/host_backup",
          "/host_restore",
          "/host_logs_download",
          "/audit_log",
          "/pool/xmldbdump");

  /** Classes whose objects parameters name. */
  private static final Map<String, String> CLASSES =
      Map.of(
          "/blob",
          "blob",
          "/export",
          "VM",
          "/export_metadata",
          "VM",
          "/vm_rrd",
          "VM",
          "/host_rrd",
          "host",
          "/sr_rrd",
          "SR",
          "/pool_patch_download",
          "pool_patch",
          "/vncsnapshot",
          "console",
          "/console",
          "console");

  private static final Map<String, List<String>> TEXTS =
      Map.of(
          "format",
          List.of("raw", "vhd", "qcow2", "tar", ""),
          "use_compression",
          List.of("gzip", "zstd", "false"),
          "cf",
          List.of("AVERAGE", "MIN", "MAX", "LAST"),
          "entries",
          List.of("xapi", "host", "a,b"),
          "output",
          List.of("tar", "zip", "tar.bz2"),
          "excluded_device_types",
          List.of("vbd", "vif,vgpu", "x"));

  private final Surface surface;
  private final Samples samples;

  FileCases(Surface surface, Samples samples) {
    this.surface = surface;
    this.samples = samples;
  }

  Request any(Dice dice) {
    return switch (dice.below(20)) {
      case 0 -> console(dice);
      case 1, 2, 3, 4, 5, 6, 7 -> upload(dice);
      default -> download(dice);
    };
  }

  private Request download(Dice dice) {
    Place place = dice.of(READ);
    if (HEAVY.contains(place.path) && !dice.oneIn(20)) {
      place = dice.of(READ.subList(0, 9));
    }
    String method = dice.oneIn(15) ? dice.of(List.of("HEAD", "PUT", "POST", "OPTIONS")) : "GET";
    boolean sends = method.equals("PUT") || method.equals("POST");
    // A download that cannot go on is cut off, which is the only way to tell.
    return Request.of(
        place.path, head(method, place, dice), "", sends ? Wanted.PART : Wanted.ANYTHING);
  }

  /** What a console says goes on for as long as its client stays. */
  private Request console(Dice dice) {
    Place place = new Place("CONNECT", "/console", List.of("ref", "uuid"));
    String upgrade =
        "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13"
            + "\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: binary";
    boolean socket = dice.oneIn(2);
    return Request.of(
        "/console",
        head(socket ? "GET" : "CONNECT", place, dice) + (socket ? upgrade : ""),
        Mangling.noise(dice.below(200), dice),
        Wanted.NOTHING);
  }

  private Request upload(Dice dice) {
    Place place = dice.of(WRITE);
    if (!HEAVY.contains(place.path) || dice.oneIn(4)) {
      return place.path.equals("/host_restore") ? restore(place, dice) : upload(place, dice);
    }
    return upload(WRITE.getFirst(), dice);
  }

  /** A server believes its own backups alone, so that these are put together when they are sent. */
  private Request restore(Place place, Dice dice) {
    boolean stays = !dice.oneIn(8);
    return Request.of(
        place.path,
        head("PUT", place, dice) + "\r\nContent-Length: @{length}",
        "@{" + BACKUP + dice.below(Integer.MAX_VALUE) + "}",
        stays ? Wanted.ANYTHING : Wanted.NOTHING);
  }

  private Request upload(Place place, Dice dice) {
    String sample = samples.fitting(place.path, dice);
    String body =
        switch (dice.below(8)) {
          case 0 -> sample;
          case 1 -> Mangling.noise(dice.below(2000), dice);
          default -> ArchiveMangling.of(sample, dice);
        };
    String head = head(dice.oneIn(30) ? "POST" : "PUT", place, dice);
    return switch (dice.below(12)) {
      case 0 -> // more is promised than comes
          Request.of(
              place.path,
              head + "\r\nContent-Length: " + (body.length() + 1 + dice.below(5000)),
              body,
              Wanted.PART);
      case 1 ->
          Request.of(place.path, head + "\r\nContent-Length: @{length}", body, Wanted.NOTHING);
      case 2 ->
          Request.of(
              place.path,
              head + "\r\nTransfer-Encoding: chunked",
              (body.isEmpty() ? "" : Integer.toHexString(body.length()) + "\r\n" + body + "\r\n")
                  + "0\r\n\r\n",
              Wanted.ANYTHING);
      default ->
          Request.of(place.path, head + "\r\nContent-Length: @{length}", body, Wanted.ANYTHING);
    };
  }

  private String head(String method, Place place, Dice dice) {
    List<String> pairs = new ArrayList<>();
    for (String name : place.parameters) {
      boolean names = List.of("uuid", "ref", "vdi", "sr_id", "sr_uuid").contains(name);
      if (names ? dice.percent(85) : dice.oneIn(4)) {
        pairs.add(name + "=" + Latin.inUrl(value(place, name, dice)));
      }
    }
    if (!dice.oneIn(12)) {
      pairs.add("session_id=@{session}");
    }
    if (dice.oneIn(20)) {
      pairs.add(Latin.inUrl(Oddities.text(dice)) + "=" + Latin.inUrl(Oddities.text(dice)));
    }
    String path = place.path + (dice.oneIn(40) ? "/x" : "");
    return "%s %s?%s HTTP/1.%d\r\nHost: fuzz"
        .formatted(method, path, String.join("&", pairs), dice.oneIn(12) ? 0 : 1);
  }

  private String value(Place place, String name, Dice dice) {
    Draw draw = new Draw(surface, dice, place.method.equals("PUT"));
    String apiClass = CLASSES.getOrDefault(place.path, "VM");
    return switch (name) {
      case "uuid" -> draw.uuid(apiClass);
      case "ref" -> draw.reference(apiClass);
      case "vdi", "base" -> dice.oneIn(2) ? draw.uuid("VDI") : draw.reference("VDI");
      case "sr_id", "sr_uuid" ->
          dice.oneIn(2) ? "@{uuid:SR:" + dice.below(9) + "}" : "@{ref:SR:" + dice.below(9) + "}";
      case "task_id", "subtask_of" -> draw.reference("task");
      case "host", "vm_uuid" -> draw.uuid("host");
      case "start", "interval", "since" -> Long.toString(Oddities.whole(dice));
      default ->
          Stream.of(TEXTS.getOrDefault(name, List.of("true", "false", "1", "")))
              .map(texts -> dice.oneIn(6) ? Oddities.text(dice) : dice.of(texts))
              .findFirst()
              .orElseThrow();
    };
  }
}
