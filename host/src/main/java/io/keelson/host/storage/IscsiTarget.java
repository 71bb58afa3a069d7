package io.keelson.host.storage;

import io.keelson.host.DriverException;
import io.keelson.host.StorageFault;
import io.keelson.host.process.Program;
import io.keelson.host.process.Program.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An iSCSI portal, asked with the programs of libiscsi; they are told the password by their
 * environment.
 *
 * @param user for CHAP
 * @param password for CHAP
 */
record IscsiTarget(String host, int port, Optional<String> user, Optional<String> password) {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Pattern TARGET = Pattern.compile("Target:(\\S+) Portal:(\\S+)");
  private static final Pattern LUN = Pattern.compile("Lun:(\\d+)\\s+Type:DIRECT_ACCESS.*");
  private static final Pattern FACT = Pattern.compile("(Vendor|Product):(.*)");
  private static final Pattern SERIAL = Pattern.compile("Unit Serial Number:\\[\\s*(.*?)\\s*]");
  private static final String NAME = "[0-9A-Za-z.:_-]+";

  /**
   * A disk that a target offers.
   *
   * @param id the same wherever it is seen: its serial number, after the target's name
   */
  record Lun(int number, String vendor, String serial, long size, String id) {}

  /** What a device_config names. Raises TARGET_MISSING, ISCSI_PORT. */
  static IscsiTarget of(Map<String, String> config) {
    String host = config.getOrDefault("target", "");
    if (host.isEmpty()) {
      throw DriverException.of(StorageFault.TARGET_MISSING, "");
    }
    if (!host.matches("[0-9A-Za-z._-]+")) {
      throw DriverException.of(StorageFault.ISCSI_TARGET, host + " is no name of a target");
    }
    String port = config.getOrDefault("port", "3260");
    if (!port.matches("\\d{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65535) {
      throw DriverException.of(StorageFault.ISCSI_PORT, port);
    }
    return new IscsiTarget(
        host,
        Integer.parseInt(port),
        Optional.ofNullable(config.get("chapuser")),
        Optional.ofNullable(config.get("chappassword")));
  }

  /** The names of the portal's targets. Raises ISCSI_TARGET when none answers. */
  List<String> names() {
    Outcome outcome = run("iscsi-ls", List.of(), portal());
    if (!outcome.ok()) {
      throw refused(outcome, StorageFault.ISCSI_TARGET);
    }
    List<String> names = new ArrayList<>();
    TARGET.matcher(outcome.output()).results().forEach(found -> names.add(found.group(1)));
    return names;
  }

  /** The disks of a target. Raises TARGET_IQN_MISSING, ISCSI_LOGIN. */
  List<Lun> luns(String target) {
    if (!names().contains(target)) {
      throw DriverException.choose(StorageFault.TARGET_IQN_MISSING, choices());
    }
    Outcome outcome = run("iscsi-ls", List.of("-s"), portal());
    List<Lun> luns = new ArrayList<>();
    boolean ours = false;
    for (String line : outcome.output().lines().toList()) {
      Matcher name = TARGET.matcher(line);
      Matcher lun = LUN.matcher(line);
      if (name.lookingAt()) {
        ours = name.group(1).equals(target);
      } else if (ours && lun.matches()) {
        luns.add(lun(target, Integer.parseInt(lun.group(1))));
      }
    }
    if (!outcome.ok() && luns.isEmpty()) {
      throw refused(outcome, StorageFault.ISCSI_LOGIN);
    }
    return luns;
  }

  private Lun lun(String target, int number) {
    String url = portal() + "/" + target + "/" + number;
    Outcome capacity = run("iscsi-readcapacity16", List.of("-s"), url);
    Outcome inquiry = run("iscsi-inq", List.of(), url);
    Outcome page = run("iscsi-inq", List.of("-e", "1", "-c", "128"), url);
    if (!capacity.ok() || !capacity.output().strip().matches("\\d+")) {
      throw refused(capacity, StorageFault.ISCSI_LOGIN);
    }
    Matcher vendor = FACT.matcher(inquiry.output());
    Matcher serial = SERIAL.matcher(page.output());
    String text = serial.find() && !serial.group(1).isEmpty() ? serial.group(1) : "lun-" + number;
    return new Lun(
        number,
        vendor.find() ? vendor.group(2).strip() : "",
        text,
        Long.parseLong(capacity.output().strip()),
        target + ":" + text);
  }

  /** The targets as the XML of choices for a name that is missing. */
  String choices() {
    ProbeXml.Choices choices = new ProbeXml.Choices("iscsi-target-IQNs", "TGT");
    int index = 0;
    for (String name : names()) {
      choices.add(
          ProbeXml.ordered(
              "Index", Integer.toString(index++), "IPAddress", host, "TargetIQN", name));
    }
    return choices.text();
  }

  /** Disks of a target as XML. */
  static String disks(List<Lun> luns) {
    ProbeXml.Choices choices = new ProbeXml.Choices("iscsi-target", "LUN");
    for (Lun lun : luns) {
      choices.add(
          ProbeXml.ordered(
              "vendor",
              lun.vendor(),
              "serial",
              lun.serial(),
              "LUNid",
              Integer.toString(lun.number()),
              "size",
              Long.toString(lun.size()),
              "SCSIid",
              lun.id()));
    }
    return choices.text();
  }

  /** The target that a device_config names. Raises TARGET_IQN_MISSING. */
  static String name(Map<String, String> config) {
    String name = config.getOrDefault("targetIQN", "");
    if (!name.matches(NAME)) {
      throw DriverException.of(StorageFault.TARGET_IQN_MISSING, name);
    }
    return name;
  }

  private String portal() {
    return "iscsi://" + host + ":" + port;
  }

  private Outcome run(String program, List<String> options, String url) {
    List<String> command = new ArrayList<>(List.of(Requirements.program(program)));
    command.addAll(options);
    command.add(url);
    return Program.run(
        LIMIT,
        command,
        user.isPresent()
            ? Map.of(
                "LIBISCSI_CHAP_USERNAME", user.get(),
                "LIBISCSI_CHAP_PASSWORD", password.orElse(""))
            : Map.of());
  }

  private static DriverException refused(Outcome outcome, StorageFault otherwise) {
    String text = outcome.complaint();
    boolean login = text.contains("Authentication failure") || text.contains("Failed to log in");
    return DriverException.of(login ? StorageFault.ISCSI_LOGIN : otherwise, text);
  }
}
