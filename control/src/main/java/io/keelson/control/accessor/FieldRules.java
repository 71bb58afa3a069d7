package io.keelson.control.accessor;

import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.api.Ref;
import io.keelson.api.model.VmFields;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.store.Snapshot;

/** The few fields that clients set as they are, but not always. */
final class FieldRules {
  private FieldRules() {}

  /**
   * @throws io.keelson.api.ApiError why the field may not be set to the value now
   */
  static <R extends ApiRecord, T> void check(
      Snapshot state, Ref<R> ref, Field<R, T> field, T value) {
    if (field.equals(VmFields.IS_A_TEMPLATE)) {
      VmRules.checkTemplate(state, new Ref<>(ref.text()), Boolean.TRUE.equals(value));
    }
  }
}
