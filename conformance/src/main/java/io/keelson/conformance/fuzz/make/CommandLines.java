package io.keelson.conformance.fuzz.make;

import io.keelson.conformance.surface.Message;
import io.keelson.conformance.surface.Surface;
import io.keelson.model.ClassFacts;
import io.keelson.model.FieldFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Commands of xe, as its users type them and as none would, with what the client answers to what
 * the server asks of it, whether it fits or not.
 */
final class CommandLines {
  private static final String HEAD =
      "POST /cli HTTP/1.0\r\nHost: fuzz\r\nContent-Length: @{length}";

  /** What a client says first: that it speaks the protocol, and version 0.2 of it. */
  private static final String GREETING = Request.XE + number(0) + number(2);

  private static final String OK = number(8) + number(10) + number(5);
  private static final String FAILED = number(8) + number(10) + number(6);
  private static final String END = number(8) + number(11) + number(8);

  /** Commands of a class that are about its fields. */
  private static final List<String> OF_FIELDS =
      List.of(
          "list",
          "list",
          "param-list",
          "param-get",
          "param-set",
          "param-add",
          "param-remove",
          "param-clear");

  /** Commands that go by no message's name and leave alone what was there before them. */
  private static final List<String> OTHERS =
      List.of(
          "help",
          "vm-install",
          "vm-export",
          "vm-import",
          "vm-copy-bios-strings",
          "vm-disk-list",
          "vm-disk-add",
          "vm-cd-list",
          "vm-cd-add",
          "vm-cd-insert",
          "vm-vcpu-hotplug",
          "vm-memory-target-wait",
          "vm-data-source-list",
          "vm-data-source-query",
          "snapshot-list",
          "template-list",
          "template-param-set",
          "template-export",
          "vdi-import",
          "vdi-export",
          "cd-list",
          "sr-probe",
          "sr-scan",
          "pool-dump-database",
          "patch-upload",
          "blob-get",
          "blob-put",
          "audit-log-get",
          "host-get-system-status",
          "host-cpu-info",
          "message-list",
          "console",
          "vlan-create",
          "bond-create",
          "diagnostic-compact",
          "diagnostic-gc-stats",
          "drtask-create",
          "sr-introduce");

  /** Classes that the command line calls otherwise than the API. */
  private static final Map<String, String> NAMES =
      Map.of("VM_appliance", "appliance", "pool_patch", "patch", "DR_task", "drtask");

  /** Classes whose objects the run itself or the pool's storage lives by. */
  private static final Set<String> LEFT_ALONE = Set.of("session", "user", "subject", "secret");

  private final Surface surface;
  private final List<ClassFacts> classes;
  private final List<Message> messages;

  CommandLines(Surface surface) {
    this.surface = surface;
    this.classes = surface.classes().stream().filter(c -> !LEFT_ALONE.contains(c.name())).toList();
    this.messages =
        surface.messages().stream()
            .filter(m -> !m.implicit() && !m.removed() && !LEFT_ALONE.contains(m.apiClass()))
            .filter(m -> !Avoided.inEarnest(m.wireName()) && !Avoided.onOthers(m.wireName()))
            .filter(m -> !m.apiClass().equals("VM_appliance")) // waits as long as its VMs say
            .sorted((a, b) -> a.wireName().compareTo(b.wireName()))
            .toList();
  }

  Request any(Dice dice) {
    String words = words(dice);
    String said = said(dice);
    return switch (dice.below(12)) {
      case 0 -> of("/cli", Mangling.of(words, dice), said);
      case 1 -> of(Request.CUT + " /cli", words, Mangling.of(said, dice));
      default -> of("/cli", words, said);
    };
  }

  private static Request of(String about, String words, String said) {
    return Request.of(about, HEAD, words + Request.THEN + said, Wanted.THIN);
  }

  private String words(Dice dice) {
    List<String> words = new ArrayList<>();
    if (!dice.oneIn(30)) {
      words.add("session_id=@{session}");
    }
    int kind = dice.below(20);
    if (kind < 8) {
      ClassFacts facts = dice.of(classes);
      words.add(named(facts.name()) + "-" + dice.of(OF_FIELDS));
      parameters(facts.name(), words, dice);
    } else if (kind < 16) {
      Message message = dice.of(messages);
      words.add(named(message.apiClass()) + "-" + dashed(message.name()));
      parameters(message.apiClass(), words, dice);
    } else if (kind < 19) {
      words.add(dice.of(OTHERS));
      parameters("VM", words, dice);
    } else {
      words.add(Latin.utf8(Oddities.text(dice)));
    }
    return String.join("\n", words);
  }

  private void parameters(String apiClass, List<String> words, Dice dice) {
    Draw draw = new Draw(surface, dice, false);
    if (dice.percent(70)) {
      words.add("uuid=" + Latin.utf8(draw.uuid(apiClass)));
    }
    for (int i = dice.below(5); i > 0; i--) {
      words.add(Latin.utf8(parameter(apiClass, draw, dice)));
    }
  }

  private String parameter(String apiClass, Draw draw, Dice dice) {
    List<FieldFacts> fields = surface.fields(apiClass);
    String field = fields.isEmpty() ? "uuid" : dashed(dice.of(fields).name());
    return switch (dice.below(14)) {
      case 0 -> "params=" + dice.of(List.of("all", field, field + ",uuid", ","));
      case 1 -> "param-name=" + field;
      case 2 -> "param-key=" + dice.of(Likely.KEYS);
      case 3 -> field + ":" + dice.of(Likely.KEYS) + "=" + Oddities.text(dice);
      case 4 -> dice.of(List.of("--minimal", "--multiple", "--force", "--live", "--trace"));
      case 5 -> "vm=" + draw.uuid("VM");
      case 6 -> dice.of(List.of("host", "host-uuid", "on")) + "=" + draw.uuid("host");
      case 7 -> dice.of(List.of("sr", "sr-uuid")) + "=" + draw.uuid("SR");
      case 8 -> dice.of(List.of("vdi", "vdi-uuid")) + "=" + draw.uuid("VDI");
      case 9 -> "network-uuid=" + draw.uuid("network");
      case 10 ->
          dice.of(List.of("name-label", "new-name-label", "filename", "device", "disk-size"))
              + "="
              + Oddities.text(dice);
      default -> field + "=" + (dice.oneIn(3) ? "fuzz" : Oddities.text(dice));
    };
  }

  /** Answers to what the server may ask for: files that are sent and fetched, a line typed. */
  private static String said(Dice dice) {
    StringBuilder said = new StringBuilder(GREETING);
    for (int i = dice.below(4); i > 0; i--) {
      said.append(Request.THEN)
          .append(dice.of(List.of(OK, FAILED, OK + chunk(dice) + END, chunk(dice) + END, END)));
    }
    return said.toString();
  }

  private static String chunk(Dice dice) {
    String bytes = Mangling.noise(dice.below(300), dice);
    return number(12) + number(11) + number(7) + number(bytes.length()) + bytes;
  }

  private static String named(String apiClass) {
    return NAMES.getOrDefault(apiClass, dashed(apiClass).toLowerCase(Locale.ROOT));
  }

  private static String dashed(String name) {
    return name.replace('_', '-');
  }

  /** Four bytes, the little end first. */
  private static String number(int number) {
    StringBuilder bytes = new StringBuilder();
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      bytes.append((char) ((number >> shift) & 0xff));
    }
    return bytes.toString();
  }
}
