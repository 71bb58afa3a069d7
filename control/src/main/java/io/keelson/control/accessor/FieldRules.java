package io.keelson.control.accessor;

import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.api.Ref;
import io.keelson.api.model.NetworkFields;
import io.keelson.api.model.VbdFields;
import io.keelson.api.model.VmFields;
import io.keelson.control.network.NetworkRules;
import io.keelson.control.storage.VbdDevices;
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
    } else if (field.equals(NetworkFields.MTU) && value instanceof Long mtu) {
      NetworkRules.checkMtu(mtu);
    } else if (field.equals(VbdFields.USERDEVICE) && value instanceof String place) {
      VbdDevices.checkMove(state, new Ref<>(ref.text()), place);
    }
  }
}
