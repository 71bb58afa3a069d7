package io.keelson.testkit.hosts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keelson.testkit.box.ClassArchive;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a program in namespaces of its own, as root there, with no interface but its loopback. */
public final class OwnMachine {
  private static final String PREPARE =
      "mount -t sysfs sysfs /sys && mount -t proc proc /proc && mount -t tmpfs tmpfs /run"
          + " && ip link set lo up && ";

  /** The users are the machine's own too: its root has no rights beyond it. */
  private static final List<String> OWN_USERS = List.of("--map-root-user");

  private OwnMachine() {}

  /** How a command ended, and what it said. */
  private record Ran(int status, String output) {}

  /** Has the program's main method run to its end, which is to be a good one. */
  static void run(Class<?> program, Path folder) throws IOException, InterruptedException {
    String _ = run(OWN_USERS, program, folder);
  }

  /**
   * The same; where this is root, so is the machine's.
   *
   * @return what the program said
   */
  public static String runAsRoot(Class<?> program, Path folder)
      throws IOException, InterruptedException {
    boolean root = System.getProperty("user.name").equals("root");
    return run(root ? List.of() : OWN_USERS, program, folder);
  }

  private static String run(List<String> users, Class<?> program, Path folder)
      throws IOException, InterruptedException {
    assumeTrue(
        inNamespaces(users, "ip link add br0 type bridge && ip netns add one").status() == 0,
        "no network namespaces with bridges here");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Ran ran =
        inNamespaces(
            users,
            "OVS_RUNDIR=/run/none exec '%s' -Xmx128m -XX:TieredStopAtLevel=1 %s -cp '%s' %s '%s'"
                .formatted(
                    java,
                    String.join(" ", ClassArchive.inherited()),
                    System.getProperty("java.class.path"),
                    program.getName(),
                    folder));
    assertThat(ran.output()).doesNotContain("Exception");
    assertThat(ran.status()).as(ran.output()).isZero();
    return ran.output();
  }

  private static Ran inNamespaces(List<String> users, String command)
      throws IOException, InterruptedException {
    List<String> words =
        new ArrayList<>(List.of("unshare", "--net", "--mount", "--uts", "--pid", "--fork"));
    words.addAll(users);
    words.addAll(List.of("--kill-child", "sh", "-c", PREPARE + command));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ran(process.waitFor(), output);
  }
}
