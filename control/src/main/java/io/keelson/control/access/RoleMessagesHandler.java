package io.keelson.control.access;

import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.RoleMessages;
import io.keelson.api.model.Role;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which roles include what. */
final class RoleMessagesHandler implements RoleMessages {
  private final Store store;

  RoleMessagesHandler(Store store) {
    this.store = store;
  }

  @Override
  public Set<Ref<Role>> getPermissions(Call call, Ref<Role> self) {
    Snapshot state = store.snapshot();
    Set<Ref<Role>> parts = state.get(ApiModel.ROLE, self).subroles();
    return new RoleGraph(state).permissions(parts);
  }

  @Override
  public List<String> getPermissionsNameLabel(Call call, Ref<Role> self) {
    Snapshot state = store.snapshot();
    Set<Ref<Role>> parts = state.get(ApiModel.ROLE, self).subroles();
    RoleGraph graph = new RoleGraph(state);
    return graph.names(graph.permissions(parts));
  }

  @Override
  public Set<Ref<Role>> getByPermission(Call call, Ref<Role> permission) {
    Snapshot state = store.snapshot();
    state.get(ApiModel.ROLE, permission);
    return including(state, permission);
  }

  @Override
  public Set<Ref<Role>> getByPermissionNameLabel(Call call, String label) {
    Snapshot state = store.snapshot();
    return state.table(ApiModel.ROLE).byNameLabel(label).stream()
        .flatMap(p -> including(state, p).stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static Set<Ref<Role>> including(Snapshot state, Ref<Role> permission) {
    RoleGraph graph = new RoleGraph(state);
    return state
        .rows(ApiModel.ROLE)
        .filter(r -> !r.record().subroles().isEmpty())
        .filter(r -> graph.permissions(r.record().subroles()).contains(permission))
        .map(Row::ref)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}
