package io.keelson.control.host;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pif;
import io.keelson.control.access.KeptSecrets;
import io.keelson.host.Power.Controller;
import io.keelson.host.Power.MagicPacket;
import io.keelson.host.Power.Wake;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a host is turned on, as its power_on_mode and power_on_config say (reference guide of the
 * API, class host). The keys {@code power_on_broadcast}, {@code power_on_port} and {@code
 * power_on_fingerprint} are additions.
 */
sealed interface PowerOnMode {
  /** By means that the host drivers have. */
  record Direct(Wake way) implements PowerOnMode {}

  /**
   * By a plugin of hosts that has the mode's name.
   *
   * @param arguments what the plugin is told: the configuration and the host's uuid
   */
  record Custom(String plugin, Map<String, String> arguments) implements PowerOnMode {}

  String WAKE_ON_LAN = "wake-on-lan";
  String ILO = "iLO";
  String DRAC = "DRAC";

  /** Where, in the configuration, the uuid of the secret with the password is. */
  String PASSWORD_SECRET = "power_on_password_secret";

  /**
   * @throws io.keelson.api.ApiError HOST_POWER_ON_NOT_CONFIGURED when something needed is missing
   *     or wrong
   */
  static PowerOnMode of(Snapshot state, Ref<Host> ref) {
    Host host = state.get(ApiModel.HOST, ref);
    Settings settings = new Settings(state, ref, host.powerOnConfig());
    return switch (host.powerOnMode()) {
      case "" -> throw ApiErrors.hostPowerOnNotConfigured(ref.text());
      case WAKE_ON_LAN -> new Direct(settings.packet());
      case ILO, DRAC -> new Direct(settings.controller());
      case String plugin -> {
        Map<String, String> arguments = new HashMap<>(host.powerOnConfig());
        arguments.put("host_uuid", host.uuid());
        yield new Custom(plugin, Map.copyOf(arguments));
      }
    };
  }

  /** Reads what the ways need from a configuration. */
  record Settings(Snapshot state, Ref<Host> host, Map<String, String> config) {
    private static final String EVERYBODY = "255.255.255.255";
    private static final int DISCARD = 9;
    private static final int LAST_PORT = 0xFFFF;

    MagicPacket packet() {
      Pif management =
          state
              .rows(ApiModel.PIF)
              .map(Row::record)
              .filter(pif -> pif.host().equals(host) && pif.management())
              .findFirst()
              .orElseThrow(() -> ApiErrors.hostPowerOnNotConfigured(host.text()));
      String to = config.getOrDefault("power_on_broadcast", EVERYBODY);
      try {
        return new MagicPacket(
            management.mac(), new InetSocketAddress(InetAddress.getByName(to), port()));
      } catch (UnknownHostException _) {
        throw ApiErrors.hostPowerOnNotConfigured(host.text());
      }
    }

    private int port() {
      String text = config.getOrDefault("power_on_port", Integer.toString(DISCARD));
      if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > 65535) {
        throw ApiErrors.hostPowerOnNotConfigured(host.text());
      }
      return Integer.parseInt(text);
    }

    Controller controller() {
      String uuid = needed(PASSWORD_SECRET);
      String password =
          KeptSecrets.password(state, uuid)
              .orElseThrow(() -> ApiErrors.hostPowerOnNotConfigured(host.text()));
      try {
        URI controller = URI.create("https://" + needed("power_on_ip"));
        if (controller.getHost() == null || controller.getPort() > LAST_PORT) {
          throw ApiErrors.hostPowerOnNotConfigured(host.text());
        }
        return new Controller(
            controller,
            needed("power_on_user"),
            password,
            Optional.ofNullable(config.get("power_on_fingerprint")));
      } catch (IllegalArgumentException _) {
        throw ApiErrors.hostPowerOnNotConfigured(host.text());
      }
    }

    private String needed(String key) {
      String value = config.getOrDefault(key, "");
      if (value.isEmpty()) {
        throw ApiErrors.hostPowerOnNotConfigured(host.text());
      }
      return value;
    }
  }
}
