package io.keelson.control.wlb;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.stream.Stream;

/** Why a workload balancing server could not be asked. */
final class WlbFailures {
  private WlbFailures() {}

  static ApiError of(String method, Throwable failure) {
    Optional<Throwable> refusal =
        causes(failure).filter(CertificateException.class::isInstance).findFirst();
    if (refusal.isPresent()) {
      return ApiErrors.sslVerifyError(String.valueOf(refusal.get().getMessage()));
    }
    if (causes(failure).anyMatch(WlbFailures::isNowhere)) {
      return ApiErrors.wlbUnknownHost();
    }
    if (causes(failure).anyMatch(ConnectException.class::isInstance)) {
      return ApiErrors.wlbConnectionRefused();
    }
    return causes(failure)
        .filter(IOException.class::isInstance)
        .map(e -> String.valueOf(e.getMessage()))
        .filter(text -> text.startsWith("body exceeds"))
        .findFirst()
        .map(_ -> WlbClient.malformed(method, "it is longer than any answer is", new byte[0]))
        .orElseGet(ApiErrors::wlbConnectionReset);
  }

  private static boolean isNowhere(Throwable cause) {
    return cause instanceof UnresolvedAddressException
        || cause instanceof UnknownHostException
        || cause instanceof NoRouteToHostException;
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
  }
}
