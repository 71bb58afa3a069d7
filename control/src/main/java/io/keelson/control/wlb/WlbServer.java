package io.keelson.control.wlb;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.api.ApiErrors;
import io.keelson.api.model.Pool;
import io.keelson.control.access.KeptSecrets;
import io.keelson.store.Snapshot;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Base64;

/**
 * A workload balancing server, and how to speak to it.
 *
 * @param url as the pool has it: HOST:PORT
 * @param verify whether its certificate has to be valid
 * @param patience for a whole answer
 */
record WlbServer(String url, String username, String password, boolean verify, Duration patience) {
  /** pool.other_config: seconds to wait for an answer, and for a report. */
  private static final String TIMEOUT = "wlb_timeout";

  private static final String REPORTS_TIMEOUT = "wlb_reports_timeout";
  private static final double USUAL_SECONDS = 30;
  private static final double USUAL_SECONDS_OF_REPORTS = 600;
  private static final double MOST_SECONDS = 3600;
  private static final String PATH = "/Citrix.Dwm.WorkloadBalance/Service";

  /** The one that a pool is set up with, to be asked a question. */
  static WlbServer of(Snapshot state, Pool pool) {
    return of(state, pool, seconds(pool, TIMEOUT, USUAL_SECONDS));
  }

  /** The same, to be asked for something big. */
  static WlbServer forReports(Snapshot state, Pool pool) {
    return of(state, pool, seconds(pool, REPORTS_TIMEOUT, USUAL_SECONDS_OF_REPORTS));
  }

  /** One that a pool might be set up with. */
  static WlbServer of(Pool pool, String url, String username, String password) {
    double seconds = seconds(pool, TIMEOUT, USUAL_SECONDS);
    return new WlbServer(url, username, password, pool.wlbVerifyCert(), duration(seconds));
  }

  private static WlbServer of(Snapshot state, Pool pool, double seconds) {
    String password = KeptSecrets.password(state, pool.wlbPassword()).orElse("");
    return new WlbServer(
        pool.wlbUrl(), pool.wlbUsername(), password, pool.wlbVerifyCert(), duration(seconds));
  }

  /**
   * @throws io.keelson.api.ApiError WLB_URL_INVALID for what is no host and port
   */
  URI service() {
    try {
      URI uri = new URI("https://" + url + PATH);
      boolean named = uri.getHost() != null && uri.getPort() > 0 && uri.getPort() <= 0xFFFF;
      if (named && uri.getUserInfo() == null && uri.getPath().equals(PATH)) {
        return uri;
      }
    } catch (URISyntaxException _) {
      throw ApiErrors.wlbUrlInvalid(url);
    }
    throw ApiErrors.wlbUrlInvalid(url);
  }

  /** How a request says who asks. */
  String authorization() {
    String login = username + ":" + password;
    return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(UTF_8));
  }

  private static Duration duration(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }

  private static double seconds(Pool pool, String key, double usual) {
    try {
      double wanted = Double.parseDouble(pool.otherConfig().getOrDefault(key, ""));
      return wanted > 0 ? Math.min(wanted, MOST_SECONDS) : usual;
    } catch (NumberFormatException _) {
      return usual;
    }
  }
}
