package io.keelson.conformance.fuzz;

import io.keelson.conformance.rpc.LoginException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * {@code fuzz URL [OPTIONS]}: sends requests of all kinds, and says in its status what came of it.
 */
public final class Main {
  private static final int FOUND = 1;
  private static final int CANNOT_RUN = 2;

  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> words) throws InterruptedException {
    try {
      FuzzOptions options = FuzzOptions.parse(words);
      String password =
          Optional.ofNullable(System.getenv("KEELSON_PASSWORD"))
              .orElseThrow(
                  () -> new IllegalArgumentException("the password is to be in KEELSON_PASSWORD"));
      FuzzReport report = new FuzzRun(options, password, System.out).run();
      System.out.print(report.text());
      return report.found() == 0 ? 0 : FOUND;
    } catch (IllegalArgumentException | LoginException | IOException e) {
      System.err.println("keelson: fuzz: " + e.getMessage());
      return CANNOT_RUN;
    }
  }
}
