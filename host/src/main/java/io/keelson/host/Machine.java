package io.keelson.host;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The facts of the machine itself; a machine that is off answers NOT_FOUND. */
public interface Machine {

  /** What does not change while the host is up. */
  Facts facts(UUID host);

  /** What does. */
  Load load(UUID host);

  /**
   * Gives the machine another name, which {@link #facts} tell from then on. Raises UNSUPPORTED
   * where its operator does not have it named from here.
   */
  void rename(UUID host, String hostname);

  /** What it tells when something is wrong with it. */
  Diagnostics diagnostics();

  /** What its kernel wrote down when it crashed. */
  default CrashDumps crashDumps() {
    return CrashDumps.NONE;
  }

  /** What runs patches on it. */
  default Patching patching() {
    return Patching.NONE;
  }

  /**
   * @param hostname of the machine
   * @param memoryTotalBytes of RAM
   * @param bootTime of the machine's kernel
   * @param bootId another one after each boot
   * @param linuxVersion of the running kernel
   * @param distribution PRETTY_NAME of os-release
   * @param biosStrings DMI facts under XenAPI's names (bios-vendor, system-manufacturer ...)
   * @param sockets number of processor packages
   * @param processors one entry a logical processor
   */
  record Facts(
      String hostname,
      long memoryTotalBytes,
      Instant bootTime,
      String bootId,
      String linuxVersion,
      String distribution,
      Map<String, String> biosStrings,
      int sockets,
      List<Processor> processors) {}

  /** One logical processor; the texts as the kernel tells them. */
  record Processor(
      int number,
      String vendor,
      long speedMhz,
      String modelName,
      long family,
      long model,
      String stepping,
      String flags,
      String features) {}

  /**
   * @param memoryFreeBytes that new domains could have
   * @param processorUtilisation 0 to 1, one entry a logical processor, since the call before
   * @param runnable how many tasks ran or waited to run, on average over the last minute
   */
  record Load(long memoryFreeBytes, List<Double> processorUtilisation, double runnable) {}
}
