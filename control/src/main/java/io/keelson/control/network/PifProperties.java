package io.keelson.control.network;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Pif;
import io.keelson.host.DriverException;
import io.keelson.host.Network;
import io.keelson.store.Snapshot;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What PIF.set_property set. The kernel forgets it when the machine restarts, so an interface that
 * comes up is given it again.
 */
final class PifProperties {
  static final String GRO = "gro";
  static final String ON = "on";
  private static final Logger LOG = LoggerFactory.getLogger(PifProperties.class);

  private PifProperties() {}

  /** Whether packets that belong together are put together, which they are by default. */
  static boolean merges(Pif pif) {
    return pif.properties().getOrDefault(GRO, ON).equals(ON);
  }

  /** The devices of interfaces, and of the members of bonds, that are not to merge packets. */
  static List<String> separate(Snapshot state, List<Ref<Pif>> pifs) {
    return pifs.stream()
        .map(ref -> state.get(ApiModel.PIF, ref))
        .flatMap(pif -> Stream.concat(Stream.of(pif), members(state, pif)))
        .filter(pif -> pif.physical() && !merges(pif))
        .map(Pif::device)
        .distinct()
        .toList();
  }

  private static Stream<Pif> members(Snapshot state, Pif pif) {
    return pif.bondMasterOf().stream()
        .flatMap(bond -> state.get(ApiModel.BOND, bond).slaves().stream())
        .map(slave -> state.get(ApiModel.PIF, slave));
  }

  /** A card that cannot do it any more comes up all the same. */
  static void keepSeparate(Network driver, UUID host, List<String> devices) {
    for (String device : devices) {
      try {
        driver.mergeReceived(host, device, false);
      } catch (DriverException e) {
        LOG.warn("gro of {} is not what it was set to", device, e);
      }
    }
  }
}
