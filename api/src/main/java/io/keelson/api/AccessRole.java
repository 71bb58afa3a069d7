package io.keelson.api;

import java.util.Arrays;
import java.util.Optional;

/** The six roles, each including those before it. */
public enum AccessRole {
  READ_ONLY("read-only"),
  VM_OPERATOR("vm-operator"),
  VM_ADMIN("vm-admin"),
  VM_POWER_ADMIN("vm-power-admin"),
  POOL_OPERATOR("pool-operator"),
  POOL_ADMIN("pool-admin");

  private final String text;

  AccessRole(String text) {
    this.text = text;
  }

  /** The role's name_label. */
  public String text() {
    return text;
  }

  public static Optional<AccessRole> of(String text) {
    return Arrays.stream(values()).filter(r -> r.text.equals(text)).findFirst();
  }

  /** Whether whoever has this role may do what needs {@code other}. */
  public boolean includes(AccessRole other) {
    return compareTo(other) >= 0;
  }
}
