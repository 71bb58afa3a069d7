package io.keelson.control.access;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Role;
import io.keelson.store.Snapshot;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What roles include, at any depth. */
public final class RoleGraph {
  private final Snapshot state;

  public RoleGraph(Snapshot state) {
    this.state = state;
  }

  /** The single permissions that roles include; of a permission, itself. */
  public Set<Ref<Role>> permissions(Collection<Ref<Role>> roles) {
    Set<Ref<Role>> permissions = new LinkedHashSet<>();
    Set<Ref<Role>> seen = new HashSet<>();
    Deque<Ref<Role>> open = new ArrayDeque<>(roles);
    while (!open.isEmpty()) {
      Ref<Role> ref = open.pop();
      Optional<Role> role = state.find(ApiModel.ROLE, ref);
      if (role.isEmpty() || !seen.add(ref)) {
        continue;
      }
      if (role.get().subroles().isEmpty()) {
        permissions.add(ref);
      }
      open.addAll(role.get().subroles());
    }
    return permissions;
  }

  /** Their names, in order. */
  public List<String> names(Collection<Ref<Role>> permissions) {
    return permissions.stream()
        .flatMap(p -> state.find(ApiModel.ROLE, p).stream())
        .map(Role::nameLabel)
        .sorted()
        .toList();
  }
}
