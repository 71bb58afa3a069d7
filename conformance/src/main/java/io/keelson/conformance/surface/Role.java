package io.keelson.conformance.surface;

import java.util.Arrays;
import java.util.Optional;

/** The six roles, each including those before it. */
public enum Role {
  READ_ONLY("read-only"),
  VM_OPERATOR("vm-operator"),
  VM_ADMIN("vm-admin"),
  VM_POWER_ADMIN("vm-power-admin"),
  POOL_OPERATOR("pool-operator"),
  POOL_ADMIN("pool-admin");

  private final String text;

  Role(String text) {
    this.text = text;
  }

  /** The role's name_label. */
  public String text() {
    return text;
  }

  /** The role of that name; none for "undefined", which only the local superuser has. */
  public static Optional<Role> of(String text) {
    return Arrays.stream(values()).filter(r -> r.text.equals(text)).findFirst();
  }
}
