package io.keelson.conformance.cases;

import io.keelson.conformance.loan.Loans;
import io.keelson.conformance.rpc.Session;
import io.keelson.conformance.rpc.Values;
import java.net.URI;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The variables that stand for what a run lends, and for what its options allow. */
final class Lent {
  private static final String DATA = "--data, the server's data folder on this machine";

  private final Loans loans;

  Lent(Loans loans) {
    this.loans = loans;
  }

  /** What a variable means; nothing for those that others know. */
  Optional<JsonNode> named(String variable, Session root) throws Stop {
    return switch (variable.replaceFirst("\\d+$", "")) {
      case "expendable" -> {
        if (!loans.expendable()) {
          throw new Stop.Lacking("--expendable, as hosts reboot or leave the pool");
        }
        yield Optional.of(Values.text("expendable"));
      }
      case "lent_url" -> text(loans.url());
      case "endless_url" -> text(loans.endlessUrl());
      case "lent_host" -> text(loans.host());
      case "lent_tls_port" -> text(Integer.toString(loans.tlsPort()));
      case "lent_certificate" -> text(loans.certificate());
      case "revocations" -> text(loans.revocations());
      case "archive_place" -> text(loans.archivePlace());
      case "plugin" -> text(loans.plugin().orElseThrow(() -> new Stop.Lacking(DATA)));
      case "patch" ->
          text(
              loans
                  .patch("keelson-conformance")
                  .orElseThrow(() -> new Stop.Lacking(DATA))
                  .toString());
      case "tls_address" -> text(tlsAddress(root));
      case "second_url" -> text(second(root).server().url().toString());
      default -> Optional.empty();
    };
  }

  /** Where hosts speak to each other. */
  private static String tlsAddress(Session root) throws Stop {
    URI url = root.server().url();
    if (!url.getScheme().equals("https")) {
      throw new Stop.Lacking("the server's https address, at which others join");
    }
    return url.getPort() < 0 ? url.getHost() : url.getHost() + ":" + url.getPort();
  }

  private static Optional<JsonNode> text(String text) {
    return Optional.of(Values.text(text));
  }

  /** The second server, in the format of a session of the first. */
  Session second(Session root) throws Stop {
    return loans
        .second(root.format())
        .orElseThrow(() -> new Stop.Lacking("--second, another server that may join this pool"));
  }
}
