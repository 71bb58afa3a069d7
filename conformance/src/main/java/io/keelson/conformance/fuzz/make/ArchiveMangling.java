package io.keelson.conformance.fuzz.make;

import java.util.ArrayList;
import java.util.List;

/** Archives and disks with something wrong at a place that their readers look at. */
final class ArchiveMangling {
  private static final List<String> SIZES =
      List.of(
          "00000000000\0",
          "77777777777\0",
          "-0000000001\0",
          "00000000001\0",
          "\u0080" + "\u00ff".repeat(11),
          "\u0080" + "\0".repeat(10) + "\u0001",
          "abcdefghijk\0",
          "            ");
  private static final List<String> NAMES =
      List.of(
          "ova.xml\0",
          "Ref:0/00000000\0",
          "Ref:0/00000001\0",
          "Ref:0/00000000.checksum\0",
          "Ref:9/00000000.xxhash\0",
          "../x\0",
          "/etc/passwd\0",
          "\0",
          "Ref:-1/\0",
          "Ref:0/99999999\0",
          "a/".repeat(49) + "\0",
          "\u00ff\u00fe\0");
  private static final List<String> VALUES =
      List.of(
          "OpaqueRef:NULL",
          "",
          "-1",
          "99999999999999999999",
          "1",
          "nan",
          "Running",
          "Ref:0",
          "Ref:1",
          "&amp;",
          "<a/>");

  private ArchiveMangling() {}

  static String of(String archive, Dice dice) {
    List<Tar.Member> members = new ArrayList<>(Tar.members(archive));
    if (members.isEmpty()) {
      return disk(archive, dice);
    }
    if (dice.oneIn(6)) {
      return Mangling.of(archive, dice);
    }
    int at = dice.below(members.size());
    Tar.Member member = members.get(at);
    switch (dice.below(9)) {
      case 0 -> members.remove(at);
      case 1 -> members.add(at, member);
      case 2 -> members.add(dice.below(members.size()), members.remove(at));
      case 3 -> members.set(at, member.sized(dice.of(SIZES)));
      case 4 -> members.set(at, member.headed(0, dice.of(NAMES)));
      case 5 -> members.set(at, member.headed(156, Character.toString(dice.below(256))));
      case 6 -> members.set(at, new Tar.Member(Mangling.noise(512, dice), member.content()));
      default -> members.set(at, member.with(content(member.content(), dice)));
    }
    return Tar.raw(members);
  }

  /** Of records in XML, sometimes a value as a whole, so that the rest stays readable. */
  private static String content(String content, Dice dice) {
    int from = content.indexOf("<value>", dice.below(content.length() + 1));
    int to = from < 0 ? -1 : content.indexOf("</value>", from);
    if (to < 0 || dice.oneIn(4)) {
      return Mangling.of(content, dice);
    }
    String value = dice.oneIn(3) ? "<int>" + Oddities.whole(dice) + "</int>" : dice.of(VALUES);
    return content.substring(0, from + 7) + value + content.substring(to);
  }

  /** The heads and feet of disks say how the rest is to be read. */
  private static String disk(String disk, Dice dice) {
    if (disk.length() < 1024 || dice.oneIn(4)) {
      return Mangling.of(disk, dice);
    }
    String head = disk.substring(0, 1024);
    String foot = disk.substring(disk.length() - 512);
    String between = disk.substring(1024, Math.max(1024, disk.length() - 512));
    return switch (dice.below(4)) {
      case 0 -> head + between + Mangling.of(foot, dice);
      case 1 -> head.substring(0, 512) + Mangling.of(head.substring(512), dice) + between + foot;
      default -> word(head, dice) + between + foot;
    };
  }

  /** A word of four bytes is another. */
  private static String word(String head, Dice dice) {
    int at = dice.below(32) * 4;
    String word =
        dice.of(
            List.of(
                "\0\0\0\0",
                "\u00ff\u00ff\u00ff\u00ff",
                "\u007f\u00ff\u00ff\u00ff",
                "\0\0\0\u0001",
                "\u0080\0\0\0"));
    return head.substring(0, at) + word + head.substring(at + 4);
  }
}
