package io.keelson.testkit.box;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The QEMU processes that run on a data folder. */
public final class Domains {
  private Domains() {}

  /** Those of all virtual machines of a server. */
  public static Stream<ProcessHandle> under(Path data) {
    return ProcessHandle.allProcesses()
        .filter(process -> commandLine(process).contains(data.toString() + "/"))
        .filter(process -> commandLine(process).contains("qemu-system"));
  }

  /** The one of a virtual machine. */
  public static Stream<ProcessHandle> of(Path data, String vmUuid) {
    return under(data).filter(process -> commandLine(process).contains(vmUuid));
  }

  /** The process of a virtual machine, wherever its server keeps its data. */
  public static ProcessHandle running(String vmUuid) {
    return ProcessHandle.allProcesses()
        .filter(process -> commandLine(process).contains(" -uuid " + vmUuid + " "))
        .filter(process -> commandLine(process).contains("qemu-system"))
        .findFirst()
        .orElseThrow();
  }

  /** Ends a virtual machine as a power cut would. */
  public static void kill(ProcessHandle domain) {
    domain.destroyForcibly();
    domain.onExit().join();
  }

  /** The JDK's own view leaves arguments out where a command line is long. */
  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"), ISO_8859_1)
          .replace('\0', ' ');
    } catch (IOException _) {
      return "";
    }
  }
}
