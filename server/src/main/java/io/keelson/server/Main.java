package io.keelson.server;

import io.keelson.http.tls.TlsPolicy;
import io.keelson.store.StoreException;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program: one of {@code serve}, {@code coverage}, {@code audit}, {@code fsck}, {@code
 * restore}.
 */
public final class Main {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);
  private static final int USAGE = 2;
  private static final int FAILED = 1;

  private Main() {}

  public static void main(String[] args) {
    List<String> words = List.of(args);
    String command = words.isEmpty() ? "" : words.getFirst();
    try {
      switch (command) {
        case "serve" -> serve(ServeOptions.parse(words.subList(1, words.size())));
        case "coverage" -> System.out.print(CoverageReport.text());
        case "audit" -> audit(words.subList(1, words.size()));
        case "restore" -> System.out.print(RestoredFile.restore(words.subList(1, words.size())));
        case "fsck" -> fsck(words.subList(1, words.size()));
        default ->
            throw new UsageError(
                "usage: serve OPTIONS | coverage | audit verify --data DIR [--known NUMBER:HASH]"
                    + " | fsck --data DIR [--disks] | restore --data DIR FILE");
      }
    } catch (UsageError e) {
      System.err.println("keelson: " + e.getMessage());
      System.exit(USAGE);
    } catch (StoreException | IOException e) {
      LOG.error(
          "{} cannot start: {}", command.equals("serve") ? "the server" : command, e.getMessage());
      System.exit(FAILED);
    }
  }

  private static void audit(List<String> words) throws IOException {
    AuditReport report = AuditReport.of(words);
    System.out.print(report.text());
    if (!report.whole()) {
      System.exit(FAILED);
    }
  }

  private static void fsck(List<String> words) throws IOException {
    FsckReport report = FsckReport.of(words);
    System.out.print(report.text());
    if (!report.whole()) {
      System.exit(FAILED);
    }
  }

  private static void serve(ServeOptions options) throws IOException {
    TlsPolicy.prepareProcess();
    ServerRuns runs = new ServerRuns(options, Environment.of(System.getenv()));
    Runtime.getRuntime().addShutdownHook(new Thread(runs::end, "shutdown"));
    try {
      runs.run();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
