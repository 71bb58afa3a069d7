package io.keelson.conformance.fuzz.make;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/** Uploads that are right, of each kind: what a server itself has sent. */
final class Samples {
  private static final List<String> VMS = List.of("vm.xva", "vm.xva.zst", "vms.xva");
  private static final List<String> DISKS =
      List.of("disk.vhd", "disk.qcow2", "disk.tar", "disk.raw");
  private static final String DATABASE =
      "<?xml version=\"1.0\"?><database><manifest><pair key=\"schema_major_vsn\" value=\"5\"/><pair"
          + " key=\"generation_count\" value=\"7\"/></manifest><table name=\"VM\"><row"
          + " ref=\"OpaqueRef:a\" _ref=\"OpaqueRef:a\" uuid=\"b\""
          + " name__label=\"c\"/></table></database>";
  private static final String PATCH =
      "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA1\n\n#!/bin/sh\nexit 0\n";

  private final Map<String, String> files = new TreeMap<>();

  Samples() {
    VMS.forEach(name -> files.put(name, read(name)));
    DISKS.forEach(name -> files.put(name, read(name)));
  }

  /** One that a path may be sent; big ones are rare. */
  String fitting(String path, Dice dice) {
    return switch (path) {
      case "/import" -> file(dice.percent(90) ? "vms.xva" : dice.of(VMS));
      case "/import_metadata" -> file(dice.percent(97) ? "vms.xva" : "vm.xva");
      case "/import_raw_vdi" ->
          dice.percent(60) ? file(dice.of(DISKS)) : file(dice.of(DISKS)).substring(0, 1536);
      case "/pool/xmldbdump" -> DATABASE;
      case "/pool_patch_upload" -> PATCH;
      default -> Latin.utf8(Oddities.text(dice));
    };
  }

  private String file(String name) {
    return files.getOrDefault(name, "");
  }

  private static String read(String name) {
    String path = "/io/keelson/conformance/fuzz/samples/" + name + ".gz";
    try (InputStream in = Samples.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("no file " + path);
      }
      return new String(new GZIPInputStream(in).readAllBytes(), ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }
}
