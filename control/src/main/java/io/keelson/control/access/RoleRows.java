package io.keelson.control.access;

import io.keelson.api.AccessRole;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Role;
import io.keelson.control.session.Permissions;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The objects of roles: one for each of the six, one for each single permission. A role's subroles
 * are the role below it and the permissions that it adds. Uuids follow from the names, so they are
 * the same in every pool.
 */
public final class RoleRows {
  private final Permissions permissions;

  public RoleRows(Permissions permissions) {
    this.permissions = permissions;
  }

  /** The reference of the role or permission of a name. */
  public static Ref<Role> ref(String name) {
    return Ref.of("OpaqueRef:" + uuid(name));
  }

  /** Makes the objects what they should be; changes nothing where they are. */
  public void reconcile(Store store) {
    Map<Ref<Role>, Role> wanted = wanted();
    if (!wanted.equals(present(store.snapshot()))) {
      store.change(tx -> replace(tx, wanted));
    }
  }

  private static void replace(Transaction tx, Map<Ref<Role>, Role> wanted) {
    Map<Ref<Role>, Role> present = present(tx);
    wanted.forEach((ref, role) -> {
      if (present.containsKey(ref)) {
        tx.update(ApiModel.ROLE, ref, _ -> role);
      } else {
        tx.create(ApiModel.ROLE, ref, role);
      }
    });
    present.keySet().stream()
        .filter(ref -> !wanted.containsKey(ref))
        .forEach(ref -> tx.delete(ApiModel.ROLE, ref));
  }

  private static Map<Ref<Role>, Role> present(Snapshot state) {
    return state.rows(ApiModel.ROLE).collect(Collectors.toMap(Row::ref, Row::record));
  }

  private Map<Ref<Role>, Role> wanted() {
    Map<Ref<Role>, Role> rows = new LinkedHashMap<>();
    permissions
        .all()
        .keySet()
        .forEach(name ->
            rows.put(
                ref(name), row(name, "A single permission, of use as part of roles", Set.of())));
    Optional<AccessRole> below = Optional.empty();
    for (AccessRole role : AccessRole.values()) {
      rows.put(ref(role.text()), row(role.text(), description(role), parts(role, below)));
      below = Optional.of(role);
    }
    return rows;
  }

  private Set<Ref<Role>> parts(AccessRole role, Optional<AccessRole> below) {
    Set<Ref<Role>> parts = new LinkedHashSet<>();
    below.ifPresent(r -> parts.add(ref(r.text())));
    permissions.all().entrySet().stream()
        .filter(e -> e.getValue().equals(Optional.of(role)))
        .forEach(e -> parts.add(ref(e.getKey())));
    return Collections.unmodifiableSet(parts);
  }

  private static Role row(String name, String description, Set<Ref<Role>> subroles) {
    return Role.builder()
        .build()
        .with(b ->
            b.uuid(uuid(name).toString())
                .nameLabel(name)
                .nameDescription(description)
                .subroles(subroles));
  }

  private static String description(AccessRole role) {
    return switch (role) {
      case READ_ONLY -> "Looks at everything and changes nothing";
      case VM_OPERATOR -> "Uses the VMs there are: starts and stops them, sees their consoles";
      case VM_ADMIN -> "Makes, changes and removes VMs and templates";
      case VM_POWER_ADMIN -> "Does all to VMs that can be done, moving and importing included";
      case POOL_OPERATOR -> "Looks after the pool: hosts, storage, networks, sessions";
      case POOL_ADMIN -> "May do everything, giving roles to others included";
    };
  }

  private static UUID uuid(String name) {
    try {
      ByteBuffer digest =
          ByteBuffer.wrap(
              MessageDigest.getInstance("MD5").digest(name.getBytes(StandardCharsets.UTF_8)));
      return new UUID(digest.getLong(), digest.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the JDK lacks MD5", e);
    }
  }
}
