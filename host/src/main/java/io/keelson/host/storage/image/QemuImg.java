package io.keelson.host.storage.image;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.host.block.BlockNode;
import io.keelson.host.process.Program;
import io.keelson.host.process.Program.Outcome;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * QEMU's image program. Formats are always named, never probed: a guest could otherwise write a
 * header into its raw disk that makes the host open another file.
 */
public final class QemuImg {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** A copy tells where it stands at each percent, which may take long on a slow disk. */
  private static final Duration SILENCE = Duration.ofHours(1);

  private static final Pattern PERCENT = Pattern.compile("\\(\\s*(\\d+(?:\\.\\d+)?)/100%\\)");

  /** How a check ends that finds clusters which nothing refers to. */
  private static final int ONLY_LEAKS = 3;

  private QemuImg() {}

  /** Makes an image of zeroes. */
  public static void create(Path image, long size) {
    run(List.of("create", "-q", "-f", "qcow2", image.toString(), Long.toString(size)));
  }

  /**
   * Makes an image that shows the backing in the same folder until it is written. The backing is
   * not opened, since a domain may hold it.
   */
  public static void overlay(Path image, String backing, long size) {
    overlay(image, "qcow2", backing, size);
  }

  /** Makes an image that shows the source, wherever it is, until it is written. */
  public static void overlay(Path image, DiskSource from, long size) {
    overlay(image, BlockNode.format(from), BlockNode.name(from), size);
  }

  private static void overlay(Path image, String format, String backing, long size) {
    List<String> command =
        new ArrayList<>(List.of("create", "-q", "-u", "-f", "qcow2", "-F", format, "-b", backing));
    command.addAll(List.of(image.toString(), Long.toString(size)));
    run(command);
  }

  /** Has an image rest on another and show the same as before: it gets all that differs. */
  public static void rebaseContents(Path image, String backing, Progress progress) {
    List<String> command =
        List.of(
            "qemu-img",
            "rebase",
            "-p",
            "-f",
            "qcow2",
            "-F",
            "qcow2",
            "-b",
            backing,
            image.toString());
    Outcome outcome = Program.run(SILENCE, command, progress, percent(progress));
    if (!outcome.ok()) {
      throw failure(outcome);
    }
    progress.report(1);
  }

  /** Grows an image that nobody has open. */
  public static void resize(Path image, long size) {
    run(List.of("resize", "-q", "-f", "qcow2", image.toString(), Long.toString(size)));
  }

  /**
   * Writes what an image holds into the one below it, which grows to its size. The image itself
   * stays as it is: ended at any time, it still shows the same.
   */
  public static void commit(Path image, Progress progress) {
    List<String> command =
        List.of("qemu-img", "commit", "-p", "-d", "-f", "qcow2", image.toString());
    Outcome outcome = Program.run(SILENCE, command, progress, percent(progress));
    if (!outcome.ok()) {
      throw failure(outcome);
    }
  }

  /** Has an image rest on another that shows the same as the one it rests on. */
  public static void rebase(Path image, String backing) {
    run(
        List.of(
            "rebase", "-q", "-u", "-f", "qcow2", "-F", "qcow2", "-b", backing, image.toString()));
  }

  /** Gives back space that an ended program took in an image and did not come to use. */
  public static void repairLeaks(Path image) {
    run(List.of("check", "-q", "-r", "leaks", "-f", "qcow2", image.toString()));
  }

  /** What is wrong within an image that nobody writes. Space that is merely lost does not count. */
  public static Optional<String> check(Path image) {
    Outcome outcome =
        Program.run(SILENCE, List.of("qemu-img", "check", "-q", "-f", "qcow2", image.toString()));
    return outcome.ok() || outcome.exit() == ONLY_LEAKS
        ? Optional.empty()
        : Optional.of(outcome.complaint());
  }

  /** Whether the block layer has a driver of this name. */
  public static boolean knows(String driver) {
    return run(List.of("--help"))
        .output()
        .lines()
        .filter(line -> line.startsWith("Supported formats:"))
        .anyMatch(line -> List.of(line.split(" ")).contains(driver));
  }

  /** Whether a program has the image open to write it; so it may be where there are no locks. */
  public static boolean inUse(Path image) {
    if (!image.getFileSystem().equals(FileSystems.getDefault())) {
      return true;
    }
    Outcome outcome =
        Program.run(LIMIT, List.of("qemu-img", "info", "-f", "qcow2", image.toString()));
    if (!outcome.ok() && !locked(outcome)) {
      throw failure(outcome);
    }
    return !outcome.ok();
  }

  /** The bytes a guest would see in the source. */
  public static long virtualSize(DiskSource source) {
    List<String> arguments = new ArrayList<>(List.of("info", "--output=json"));
    arguments.addAll(BlockNode.arguments(source));
    String text = run(arguments).output();
    try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
      int depth = 0;
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token.isStructStart()) {
          depth++;
        } else if (token.isStructEnd()) {
          depth--;
        } else if (depth == 1 && "virtual-size".equals(json.currentName())) {
          json.nextToken();
          return json.getLongValue();
        }
      }
    }
    throw new DriverException(Reason.FAILED, "qemu-img tells no size of " + source.location());
  }

  /** Writes all of the source into an image that was just made and is at least as large. */
  public static void copy(DiskSource from, Path image, Progress progress) {
    convert(from, List.of("--target-is-zero", "-O", "qcow2"), image, progress);
  }

  /** Writes all of the source, its zeroes too, to a device that is at least as large. */
  public static void copyToDevice(DiskSource from, Path device, Progress progress) {
    convert(from, List.of("-O", "raw"), device, progress);
  }

  private static void convert(
      DiskSource from, List<String> options, Path target, Progress progress) {
    List<String> command = new ArrayList<>(List.of("qemu-img", "convert", "-p", "-n"));
    command.addAll(options);
    command.addAll(BlockNode.arguments(from));
    command.add(target.toString());
    Outcome outcome = Program.run(SILENCE, command, progress, percent(progress));
    if (!outcome.ok()) {
      throw failure(outcome);
    }
    progress.report(1);
  }

  private static Consumer<String> percent(Progress progress) {
    return text -> {
      Matcher matcher = PERCENT.matcher(text);
      double last = -1;
      while (matcher.find()) {
        last = Double.parseDouble(matcher.group(1)) / 100;
      }
      if (last >= 0) {
        progress.report(Math.min(1, last));
      }
    };
  }

  private static Outcome run(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("qemu-img"));
    command.addAll(arguments);
    Outcome outcome = Program.run(LIMIT, command);
    if (!outcome.ok()) {
      throw failure(outcome);
    }
    return outcome;
  }

  private static boolean locked(Outcome outcome) {
    return outcome.errors().contains("Failed to get") && outcome.errors().contains(" lock");
  }

  private static DriverException failure(Outcome outcome) {
    String text = outcome.complaint();
    Reason reason;
    if (text.contains("No space left on device")
        || text.contains("File too large")
        || text.contains("Disk quota exceeded")) {
      reason = Reason.NO_SPACE;
    } else if (locked(outcome)) {
      reason = Reason.WRONG_STATE;
    } else if (text.contains("No such file")) {
      reason = Reason.NOT_FOUND;
    } else {
      reason = Reason.FAILED;
    }
    return new DriverException(reason, text);
  }
}
