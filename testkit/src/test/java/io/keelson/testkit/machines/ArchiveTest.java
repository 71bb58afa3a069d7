package io.keelson.testkit.machines;

import static io.keelson.testkit.wire.Values.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.host.qemu.BootSector;
import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.machines.Archives.Part;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A VM leaves as an archive and comes back; archives that lie leave nothing behind. */
@RunsOn(hosts = 0, shared = false)
@EnabledIf(value = "io.keelson.testkit.machines.Guests#possible", disabledReason = "no QEMU here")
class ArchiveTest {
  private static final String BEFORE = "0xa5";
  private static final String AFTER = "0x5a";

  @TempDir private Path scratch;

  private final ServerBox box;
  private final Api api;
  private final Vms vms;
  private final Guests guests;
  private final Archives archives;

  ArchiveTest(ServerBox box) {
    this.box = box;
    this.api = box.login(Format.JSON_RPC);
    this.vms = new Vms(api);
    this.guests = new Guests(box, api);
    this.archives = new Archives(box, api);
  }

  @AfterEach
  void tidy() throws IOException {
    guests.close();
    vms.close();
    api.close();
  }

  @Test
  void aVmComesBackWithItsDisksAndSnapshots() throws IOException {
    JsonNode vm = guests.bootSector(vms, scratch);
    JsonNode data = vms.disk();
    vms.drive(vm, data, "1");
    JsonNode network = vms.network("archived");
    api.call("VIF.create", Vms.vifRecord(vm, network, "0", ""));
    guests.write(data, BEFORE);
    JsonNode snapshot = vms.kept(api.call("VM.snapshot", vm, text("before")));
    guests.write(data, AFTER);
    String uuid = api.read("VM.get_uuid", vm);

    Path archive = archives.fetch("/export?uuid=" + uuid, scratch.resolve("vm.xva"));
    Path packed =
        archives.fetch("/export?use_compression=zstd&uuid=" + uuid, scratch.resolve("vm.zst"));

    assertThat(packed).satisfies(file -> assertThat(Files.size(file)).isLessThan(100_000));
    for (Path file : List.of(archive, packed)) {
      List<String> made = archives.send("/import?force=false", file);
      assertThat(made).hasSize(1);
      JsonNode copy = vms.kept(text(made.getFirst()));
      assertThat(api.read("VM.get_uuid", copy)).isNotEqualTo(uuid);
      assertThat(api.read("VM.get_name_label", copy)).isEqualTo(api.read("VM.get_name_label", vm));
      guests.read(disk(copy, "1"), AFTER);
      JsonNode past = vms.kept(api.call("VM.get_snapshots", copy).get(0));
      assertThat(api.call("VM.get_snapshot_of", past)).isEqualTo(copy);
      assertThat(api.call("VM.get_parent", copy)).isEqualTo(past);
      assertThat(api.call("VDI.get_snapshot_of", disk(past, "1"))).isEqualTo(disk(copy, "1"));
      guests.read(disk(past, "1"), BEFORE);
      JsonNode card = api.call("VM.get_VIFs", copy).get(0);
      assertThat(api.call("VIF.get_network", card)).isEqualTo(network);
      assertThat(api.read("VIF.get_MAC", card))
          .isNotEqualTo(api.read("VIF.get_MAC", api.call("VM.get_VIFs", vm).get(0)));
      vms.start(copy);
      guests.awaitSerial(copy, BootSector.READY, 1);
    }
    assertThat(api.call("VM.get_current_operations", vm)).isEmpty();
    assertThat(api.call("VDI.get_current_operations", disk(snapshot, "1"))).isEmpty();
    String address = api.read("VIF.get_MAC", api.call("VM.get_VIFs", vm).get(0));
    vms.start(vm);
    assertThat(archives.refused("/import?restore=true", Files.readAllBytes(archive)))
        .startsWith("VM_BAD_POWER_STATE");
    api.call("VM.hard_shutdown", vm);
    List<String> restored = archives.send("/import?restore=true", archive);
    assertThat(restored).hasSize(1);
    JsonNode back = vms.kept(text(restored.getFirst()));
    vms.kept(api.call("VM.get_snapshots", back).get(0));
    assertThat(api.read("VM.get_uuid", back)).isEqualTo(uuid);
    assertThat(api.read("VIF.get_MAC", api.call("VM.get_VIFs", back).get(0))).isEqualTo(address);
    assertThat(api.refusal("VM.get_record", vm)).first().isEqualTo("HANDLE_INVALID");
  }

  @Test
  void metadataComesBackOntoTheDisksThatAreHere() throws IOException {
    JsonNode vm = vms.halted();
    JsonNode data = vms.disk();
    vms.drive(vm, data, "0");
    String uuid = api.read("VM.get_uuid", vm);
    Path archive = archives.fetch("/export_metadata?uuid=" + uuid, scratch.resolve("metadata.xva"));
    assertThat(archives.refused("/import_metadata?restore=true", Files.readAllBytes(archive)))
        .startsWith("VM_TO_IMPORT_IS_NOT_NEWER_VERSION");
    List<String> made = archives.send("/import_metadata?restore=false", archive);
    assertThat(made).hasSize(1);
    JsonNode copy = vms.kept(text(made.getFirst()));
    assertThat(disk(copy, "0")).isEqualTo(data);
    JsonNode other = vms.disk();
    String renamed =
        "vdi:" + api.read("VDI.get_uuid", data) + "=" + api.read("VDI.get_uuid", other);
    List<String> moved = archives.send("/import_metadata?" + renamed, archive);
    assertThat(disk(vms.kept(text(moved.getFirst())), "0")).isEqualTo(other);
    assertThat(archives.send("/import_metadata?dry_run=true", archive)).isEmpty();
  }

  /** Each option of metadata has its effect, or is refused. */
  @Test
  void metadataIsWhatTheOptionsSay() throws IOException {
    JsonNode vm = vms.halted();
    JsonNode data = vms.disk();
    JsonNode parent = vms.disk();
    vms.drive(vm, data, "0");
    JsonNode network = vms.network("left behind");
    api.call("VIF.create", Vms.vifRecord(vm, network, "0", ""));
    JsonNode snapshot = vms.kept(api.call("VM.snapshot", vm, text("early")));
    String parentUuid = api.read("VDI.get_uuid", parent);
    api.call("VDI.add_to_sm_config", data, text("vhd-parent"), text(parentUuid));
    String export = "/export_metadata?uuid=" + api.read("VM.get_uuid", vm);
    String whole = metadata(export);
    assertThat(whole).contains("left behind", api.read("VM.get_uuid", snapshot));
    assertThat(whole.split(parentUuid, -1)).hasSize(2);
    assertThat(metadata(export + "&export_snapshots=false"))
        .doesNotContain(api.read("VM.get_uuid", snapshot));
    assertThat(metadata(export + "&excluded_device_types=vif,vgpu,vtpm"))
        .doesNotContain("left behind")
        .contains(api.read("VDI.get_uuid", data));
    assertThat(metadata(export + "&excluded_device_types=vbd"))
        .contains("left behind")
        .doesNotContain(api.read("VDI.get_uuid", data));
    assertThat(metadata(export + "&include_vhd_parents=true").split(parentUuid, -1).length)
        .isGreaterThan(2);
    String control = "Control domain on host";
    assertThat(metadata("/export_metadata?all=true")).contains(control);
    assertThat(metadata("/export_metadata?all=true&include_dom0=false")).doesNotContain(control);
    assertThatThrownBy(() -> metadata(export + "&excluded_device_types=pci"))
        .hasMessage("HTTP 400");

    Path archive = archives.fetch(export, scratch.resolve("options.xva"));
    assertThat(archives.refused("/import_metadata?live=true", Files.readAllBytes(archive)))
        .startsWith("VALUE_NOT_SUPPORTED", "live", "true");
    assertThat(archives.send("/import_metadata?check_cpu=true&dry_run=true", archive)).isEmpty();
    byte[] elsewhere =
        Archives.tar(
            List.of(
                Part.of(
                    "ova.xml",
                    OVA.replace(
                        member("name_label", "from elsewhere"),
                        member("name_label", "from elsewhere")
                            + member(
                                "last_boot_CPU_flags",
                                "<struct>" + member("vendor", "Nobody") + "</struct>")))));
    assertThat(archives.refused("/import_metadata?check_cpu=true", elsewhere))
        .startsWith("VM_INCOMPATIBLE_WITH_THIS_HOST");
    Path file = Files.write(scratch.resolve("elsewhere.xva"), elsewhere);
    List<String> made = archives.send("/import_metadata?check_cpu=true&force=true", file);
    assertThat(made).hasSize(1);
    vms.kept(text(made.getFirst()));
  }

  private String metadata(String path) throws IOException {
    Path fresh = Files.createTempFile(scratch, "some", ".xva");
    return Files.readString(archives.fetch(path, fresh), ISO_8859_1);
  }

  @Test
  void archivesMadeElsewhereAreRead() throws IOException {
    byte[] disk = new byte[(1 << 20) + 512];
    Arrays.fill(disk, (byte) 0xA5);
    byte[] first = Arrays.copyOf(disk, 1 << 20);
    byte[] last = Arrays.copyOf(disk, 512);
    byte[] archive =
        Archives.tar(
            List.of(
                Part.of("ova.xml", OVA),
                new Part("Ref:3/00000000", first),
                Part.of("Ref:3/00000000.checksum", sha1(first)),
                new Part("Ref:3/00000001", last),
                Part.of("Ref:3/00000001.xxhash", "4CA4C7A3B4F4A0E0")));
    List<String> refusal = archives.refused("/import", archive);
    assertThat(refusal).containsExactly("IMPORT_ERROR_SOME_CHECKSUMS_FAILED");
    Path file = Files.write(scratch.resolve("hand.xva"), archive);
    List<String> made = archives.send("/import?force=true", file);
    JsonNode vm = vms.kept(text(made.getFirst()));
    guests.read(disk(vm, "0"), "0xa5");
    assertThat(api.read("VM.get_name_label", vm)).isEqualTo("from elsewhere");
  }

  @Test
  void archivesThatLieLeaveNothingBehind() throws IOException {
    byte[] zeroes = new byte[1 << 20];
    Part ova = Part.of("ova.xml", OVA);
    Part chunk = new Part("Ref:3/00000000", zeroes);
    Part sum = Part.of("Ref:3/00000000.checksum", sha1(zeroes));
    String foreign = vms.disk().asString();
    String anyVm = api.call("VM.get_all").get(0).asString();
    Map<String, Integer> before = everything();
    refused("IMPORT_ERROR_UNEXPECTED_FILE", chunk, ova);
    refused("IMPORT_ERROR_UNEXPECTED_FILE", ova, new Part("Ref:4/00000000", zeroes));
    refused("IMPORT_ERROR_UNEXPECTED_FILE", ova, chunk, chunk);
    refused("IMPORT_ERROR_PREMATURE_EOF", ova, chunk, sum);
    refused("IMPORT_ERROR_PREMATURE_EOF", ova);
    refused("IMPORT_ERROR", ova, new Part("../../etc/passwd", zeroes));
    refused(
        "IMPORT_ERROR_SOME_CHECKSUMS_FAILED",
        ova,
        chunk,
        Part.of("Ref:3/00000000.checksum", "0".repeat(40)));
    refused(
        "IMPORT_ERROR",
        Part.of("ova.xml", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>" + OVA));
    refused("IMPORT_ERROR", Part.of("ova.xml", "<value>".repeat(5000)));
    lie("IMPORT_ERROR_FAILED_TO_FIND_OBJECT", member("VDI", "Ref:3"), member("VDI", foreign));
    lie("IMPORT_ERROR_FAILED_TO_FIND_OBJECT", member("VM", "Ref:0"), member("VM", anyVm));
    lie("IMPORT_ERROR", member("VCPUs_max", "1"), member("VCPUs_max", "one"));
    lie("INVALID_VALUE", member("VCPUs_max", "1"), member("VCPUs_max", "-1"));
    lie("INVALID_DEVICE", member("userdevice", "0"), member("userdevice", "../../0"));
    lie("INVALID_VALUE", "<value>1049088", "<value>-5");
    lie("VDI_TOO_LARGE", "<value>1049088", "<value>" + Long.MAX_VALUE);
    assertThat(everything()).isEqualTo(before);
  }

  private void refused(String code, Part... parts) {
    assertThat(archives.refused("/import", Archives.tar(List.of(parts)))).first().isEqualTo(code);
  }

  /** Sends the description of a VM with something else in it. */
  private void lie(String code, String instead, String of) {
    assertThat(OVA).contains(instead);
    refused(code, Part.of("ova.xml", OVA.replace(instead, of)));
  }

  /** How many objects and files there are. */
  private Map<String, Integer> everything() throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    for (String name : List.of("VM", "VDI", "VBD", "VIF", "network", "SR", "VM_metrics")) {
      counts.put(name, api.call(name + ".get_all").size());
    }
    try (Stream<Path> files = Files.walk(box.data().resolve("sr"))) {
      counts.put("files", (int) files.filter(Files::isRegularFile).count());
    }
    for (JsonNode sr : api.call("SR.get_all")) {
      assertThat(api.call("SR.get_current_operations", sr)).isEmpty();
    }
    return counts;
  }

  private JsonNode disk(JsonNode vm, String device) {
    for (JsonNode vbd : api.call("VM.get_VBDs", vm)) {
      if (api.read("VBD.get_userdevice", vbd).equals(device)) {
        return api.call("VBD.get_VDI", vbd);
      }
    }
    throw new AssertionError("no drive " + device);
  }

  static String sha1(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One VM with one disk of a little more than a mebibyte. */
  static final String OVA =
      "<value><struct><member><name>version</name><value><struct>"
          + member("export_vsn", "2")
          + "</struct></value></member><member><name>objects</name><value><array><data>"
          + object(
              "VM",
              "Ref:0",
              member("name_label", "from elsewhere")
                  + member("memory_static_max", "33554432")
                  + member("memory_dynamic_max", "33554432")
                  + member("memory_dynamic_min", "33554432")
                  + member("memory_static_min", "16777216")
                  + member("VCPUs_max", "1")
                  + member("VCPUs_at_startup", "1"))
          + object(
              "VBD",
              "Ref:1",
              member("VM", "Ref:0")
                  + member("userdevice", "0")
                  + member("type", "Disk")
                  + member("mode", "RW")
                  + member("VDI", "Ref:3"))
          + object("VDI", "Ref:3", member("name_label", "disk") + member("virtual_size", "1049088"))
          + "</data></array></value></member></struct></value>";

  private static String object(String apiClass, String id, String fields) {
    return "<value><struct>"
        + member("class", apiClass)
        + member("id", id)
        + "<member><name>snapshot</name><value><struct>"
        + fields
        + "</struct></value></member></struct></value>";
  }

  private static String member(String name, String value) {
    return "<member><name>" + name + "</name><value>" + value + "</value></member>";
  }
}
