package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pbd;
import io.keelson.api.model.Sr;
import io.keelson.control.rules.HostId;
import io.keelson.control.rules.OnlyPool;
import io.keelson.store.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A place from which a repository's volumes can be worked on.
 *
 * @param ref the repository
 * @param sr its uuid
 * @param host one that the repository is attached to
 * @param type of the repository, which names its driver
 */
public record SrAccess(Ref<Sr> ref, UUID sr, UUID host, String type) {

  /**
   * Any host that the repository is attached to; the pool's master if it is one of them.
   *
   * @throws io.keelson.api.ApiError SR_NO_PBDS when it is attached nowhere
   */
  static SrAccess anywhere(Snapshot state, Ref<Sr> ref) {
    List<Ref<Host>> hosts = hosts(state, ref);
    Ref<Host> master = OnlyPool.master(state);
    Ref<Host> host =
        hosts.stream()
            .filter(master::equals)
            .findFirst()
            .or(() -> hosts.stream().findFirst())
            .orElseThrow(() -> ApiErrors.srNoPbds(ref.text()));
    return at(state, ref, host);
  }

  /** From the host, if the repository is attached there. */
  static Optional<SrAccess> from(Snapshot state, Ref<Sr> ref, Ref<Host> host) {
    return hosts(state, ref).contains(host) ? Optional.of(at(state, ref, host)) : Optional.empty();
  }

  /** The access of a host that is attached, or about to be. */
  static SrAccess at(Snapshot state, Ref<Sr> ref, Ref<Host> host) {
    Sr sr = state.get(ApiModel.SR, ref);
    return new SrAccess(ref, UUID.fromString(sr.uuid()), HostId.of(state, host), sr.type());
  }

  /** The hosts that the repository is attached to. */
  static List<Ref<Host>> hosts(Snapshot state, Ref<Sr> ref) {
    return state.get(ApiModel.SR, ref).pbds().stream()
        .flatMap(pbd -> state.find(ApiModel.PBD, pbd).stream())
        .filter(Pbd::currentlyAttached)
        .map(Pbd::host)
        .sorted((a, b) -> a.text().compareTo(b.text()))
        .toList();
  }
}
