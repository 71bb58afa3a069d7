package io.keelson.control.session;

import io.keelson.api.AccessRole;
import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Every permission there is, and the least role that has it. What is not here nobody has. */
public final class Permissions {
  /** To destroy or cancel the tasks of others. */
  public static final String TASK_DESTROY_ANY = "task.destroy/any";

  private final SortedMap<String, Optional<AccessRole>> roles;

  /**
   * @param roles least role of each; empty where only the local superuser may
   */
  public Permissions(Map<String, Optional<AccessRole>> roles) {
    this.roles = new TreeMap<>(roles);
  }

  /** All permissions with the least role that has each. */
  public SortedMap<String, Optional<AccessRole>> all() {
    return Collections.unmodifiableSortedMap(roles);
  }

  /** What a role has, all that it includes with it. */
  public SortedSet<String> of(AccessRole role) {
    return roles.entrySet().stream()
        .filter(e -> e.getValue().filter(role::includes).isPresent())
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * @throws ApiError RBAC_PERMISSION_DENIED
   */
  public void require(LiveSession session, String permission) {
    if (!session.rights().include(permission)) {
      throw denied(permission);
    }
  }

  private ApiError denied(String permission) {
    String holders =
        roles
            .getOrDefault(permission, Optional.empty())
            .map(least ->
                Arrays.stream(AccessRole.values())
                    .filter(r -> r.includes(least))
                    .map(AccessRole::text)
                    .collect(Collectors.joining(", ")))
            .orElse("");
    return ApiErrors.rbacPermissionDenied(
        permission,
        "No permission in user session. (Roles with this permission: %s)".formatted(holders));
  }
}
