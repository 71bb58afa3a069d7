package io.keelson.control.web;

import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import java.util.stream.Stream;

/** Why another server was not reached, in words for whoever asked for it. */
public final class Unreached {
  private Unreached() {}

  /**
   * What a failure of Java's HTTP client comes from; its names of classes are nobody's business.
   */
  public static String why(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .flatMap(cause -> told(cause).stream())
        .findFirst()
        .orElse("the connection failed");
  }

  private static Optional<String> told(Throwable cause) {
    return switch (cause) {
      case HttpTimeoutException _ -> Optional.of("it takes too long");
      case UnresolvedAddressException _ -> Optional.of("there is no such host");
      case ConnectException e
          when e.getMessage() == null && !(e.getCause() instanceof UnresolvedAddressException) ->
          Optional.of("nobody listens there");
      default ->
          Optional.ofNullable(cause.getMessage())
              .filter(text -> !text.isBlank() && !text.matches("[a-z]+\\.[\\w.]+.*"));
    };
  }
}
