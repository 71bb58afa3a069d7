package io.keelson.control.vm.settings;

import io.keelson.api.ApiErrors;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmServices;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.store.Store;
import java.util.Map;

/** What VMs do for the pool itself. */
public record VmServicesHandler(Store store) implements VmServices {

  /**
   * Only system domains have services, and for asking them no way is documented.
   *
   * @throws io.keelson.api.ApiError NOT_SYSTEM_DOMAIN; NOT_IMPLEMENTED for one that is
   */
  @Override
  public Map<String, String> queryServices(Call call, Ref<Vm> self) {
    VmRules.check(store.snapshot(), self, VmOperations.QUERY_SERVICES);
    throw ApiErrors.notImplemented(call.message().wireName());
  }
}
