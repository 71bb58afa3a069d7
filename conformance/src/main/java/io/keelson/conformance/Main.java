package io.keelson.conformance;

import io.keelson.conformance.recording.ExampleFiles;
import io.keelson.conformance.report.JsonReport;
import io.keelson.conformance.report.Report;
import io.keelson.conformance.rpc.LoginException;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code conformance URL [OPTIONS]}: measures a server, and says so in its status. */
public final class Main {
  private static final int CANNOT_RUN = 2;

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(List.of(args)));
  }

  /** Whatever happens, the status says it: nobody takes a run that broke off for a verdict. */
  private static int run(List<String> words) {
    try {
      Options options = Options.parse(words);
      try (Suite suite = new Suite(options)) {
        return run(suite, options, password(options));
      }
    } catch (IllegalArgumentException | LoginException | IOException e) {
      return refuse(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      return refuse("it broke off: " + e);
    }
  }

  private static int run(Suite suite, Options options, String password)
      throws LoginException, IOException {
    List<String> foreign = options.yes() ? List.of() : suite.foreignVms(password);
    if (!foreign.isEmpty()) {
      return refuse(
          "others have VMs there, for instance "
              + foreign.getFirst()
              + "; --yes runs all the same");
    }
    Report report = suite.run(password);
    System.out.print(report.text(options.everything()));
    if (options.report().isPresent()) {
      JsonReport.write(report, options.report().orElseThrow());
    }
    if (options.record().isPresent()) {
      ExampleFiles.write(suite.examples(), options.record().orElseThrow());
    }
    return report.ending().status();
  }

  private static int refuse(String why) {
    System.err.println("keelson: conformance: " + why);
    return CANNOT_RUN;
  }

  /** Never a word of the command line, which everybody on the machine can read. */
  private static String password(Options options) throws IOException {
    if (options.passwordFile().isPresent()) {
      Path file = options.passwordFile().orElseThrow();
      return Files.readString(file).strip();
    }
    Optional<String> known = Optional.ofNullable(System.getenv("KEELSON_PASSWORD"));
    if (known.isPresent()) {
      return known.orElseThrow();
    }
    Optional<Console> terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal);
    if (terminal.isEmpty()) {
      throw new IOException("the password is to be in KEELSON_PASSWORD or in a --password-file");
    }
    char[] typed =
        terminal
            .orElseThrow()
            .readPassword("password of %s at %s: ", options.user(), options.url());
    return typed == null ? "" : new String(typed);
  }
}
