package io.keelson.control.network;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.IpConfigurationMode;
import io.keelson.api.model.Pif;
import io.keelson.store.Snapshot;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which interfaces make a bond. */
final class BondRules {
  private BondRules() {}

  /**
   * The members, the primary one first: the one over which the host is managed, else the one that
   * has an address, else the one of the MAC address given, else the first by name.
   *
   * @throws io.keelson.api.ApiError PIF_BOND_NEEDS_MORE_MEMBERS, PIF_ALREADY_BONDED,
   *     PIF_VLAN_EXISTS, IS_TUNNEL_ACCESS_PIF, PIF_UNMANAGED, PIF_CANNOT_BOND_CROSS_HOST,
   *     PIF_BOND_MORE_THAN_ONE_IP, INCOMPATIBLE_PIF_PROPERTIES
   */
  static List<Ref<Pif>> members(Snapshot state, Collection<Ref<Pif>> wanted, String mac) {
    if (wanted.size() < 2) {
      throw ApiErrors.pifBondNeedsMoreMembers();
    }
    List<Ref<Pif>> byName =
        wanted.stream()
            .sorted(Comparator.comparing(ref -> state.get(ApiModel.PIF, ref).device()))
            .toList();
    byName.forEach(ref -> checkMember(state, ref));
    List<Pif> records = byName.stream().map(ref -> state.get(ApiModel.PIF, ref)).toList();
    if (records.stream().map(Pif::host).distinct().count() > 1) {
      throw ApiErrors.pifCannotBondCrossHost();
    }
    if (records.stream().map(Pif::properties).distinct().count() > 1) {
      throw ApiErrors.incompatiblePifProperties();
    }
    if (records.stream().filter(BondRules::addressed).count() > 1) {
      throw ApiErrors.pifBondMoreThanOneIp();
    }
    checkTags(state, records);
    return byName.stream()
        .sorted(Comparator.comparingInt(ref -> rank(state.get(ApiModel.PIF, ref), mac)))
        .toList();
  }

  private static void checkMember(Snapshot state, Ref<Pif> ref) {
    Pif pif = state.get(ApiModel.PIF, ref);
    if (!pif.bondSlaveOf().isNull() || !pif.bondMasterOf().isEmpty()) {
      throw ApiErrors.pifAlreadyBonded(ref.text());
    }
    if (!pif.vlanMasterOf().isNull()) {
      throw ApiErrors.pifVlanExists(pif.device());
    }
    if (!pif.tunnelAccessPifOf().isEmpty()) {
      throw ApiErrors.isTunnelAccessPif(ref.text());
    }
    PifRules.checkManaged(ref, pif);
  }

  /** The bond takes over its members' VLANs, so that no two may have the same tag. */
  private static void checkTags(Snapshot state, List<Pif> members) {
    Set<Long> tags = new HashSet<>();
    for (Pif member : members) {
      for (var vlan : member.vlanSlaveOf()) {
        if (!tags.add(state.get(ApiModel.VLAN, vlan).tag())) {
          throw ApiErrors.pifVlanExists(member.device());
        }
      }
    }
  }

  private static boolean addressed(Pif pif) {
    return pif.ipConfigurationMode() != IpConfigurationMode.NONE;
  }

  private static int rank(Pif pif, String mac) {
    if (pif.management()) {
      return 0;
    }
    if (addressed(pif)) {
      return 1;
    }
    return pif.mac().equals(mac) ? 2 : 3;
  }
}
