package io.keelson.control.plugin;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmConversion;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Sr;
import io.keelson.control.Resources;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.Plugins.Audience;
import io.keelson.host.Progress;
import io.keelson.store.Row;
import io.keelson.store.Transaction;
import java.util.Map;
import java.util.UUID;

/**
 * VM.import_convert. The work is an appliance's, which a plugin of the coordinator's knows to find:
 * without that plugin there is none.
 */
record ImportConvert(Resources resources) implements VmConversion {
  private static final String PLUGIN = "conversion";
  private static final String FIND = "main";

  /**
   * @throws io.keelson.api.ApiError XENAPI_MISSING_PLUGIN without an appliance; NOT_IMPLEMENTED
   *     with one, as nothing here speaks its language yet
   */
  @Override
  public void importConvert(
      Call call,
      String type,
      String username,
      String password,
      Ref<Sr> sr,
      Map<String, String> remoteConfig) {
    RunPlugin find =
        new RunPlugin(
            resources.drivers().plugins(),
            Audience.HOST,
            PLUGIN,
            FIND,
            (tx, _) -> new RunPlugin.Plan(coordinator(tx, sr), Map.of()));
    String _ = resources.operations().run(call, new Conversion(find, call));
  }

  private static UUID coordinator(Transaction tx, Ref<Sr> sr) {
    tx.get(ApiModel.SR, sr);
    Ref<Host> master =
        tx.rows(ApiModel.POOL).map(Row::record).map(Pool::master).findFirst().orElseGet(Ref::none);
    return UUID.fromString(tx.get(ApiModel.HOST, master).uuid());
  }

  private record Conversion(RunPlugin find, Call call) implements Steps<RunPlugin.Plan, String> {
    @Override
    public RunPlugin.Plan claim(Transaction tx, Claims claims) {
      return find.claim(tx, claims);
    }

    @Override
    public String act(RunPlugin.Plan plan, Progress progress) {
      String _ = find.act(plan, progress);
      throw ApiErrors.notImplemented(call.message().wireName());
    }

    @Override
    public void settle(Transaction tx, RunPlugin.Plan plan, String address) {}
  }
}
