package io.keelson.control.host;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.HostDiagnostics;
import io.keelson.api.model.Host;
import io.keelson.control.operation.Failures;
import io.keelson.control.rules.LiveHosts;
import io.keelson.host.Diagnostics;
import io.keelson.host.DriverException;
import io.keelson.host.Progress;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** What hosts tell when something is wrong with them. */
record HostDiagnosticsHandler(Store store, Diagnostics machine, Agent agent, ReportUpload upload)
    implements HostDiagnostics {

  /** The hypervisor's messages are the kernel's. */
  @Override
  public String dmesg(Call call, Ref<Host> host) {
    return asked(call, host, uuid -> machine.kernelLog(uuid, false));
  }

  @Override
  public String dmesgClear(Call call, Ref<Host> host) {
    return asked(call, host, uuid -> machine.kernelLog(uuid, true));
  }

  @Override
  public String getLog(Call call, Ref<Host> host) {
    return asked(call, host, _ -> agent.log());
  }

  /**
   * @throws io.keelson.api.ApiError OPERATION_NOT_ALLOWED for keys that do more than write to the
   *     kernel's log
   */
  @Override
  public void sendDebugKeys(Call call, Ref<Host> host, String keys) {
    String _ =
        asked(
            call,
            host,
            uuid -> {
              machine.debugKeys(uuid, keys);
              return "";
            });
  }

  @Override
  public void bugreportUpload(Call call, Ref<Host> host, String url, Map<String, String> options) {
    store.snapshot().get(ApiModel.HOST, host);
    Progress progress = Progress.NONE.endingWhen(call::cancelled);
    try {
      upload.send(host, url, options, progress);
    } catch (DriverException e) {
      throw Failures.of(e, call.task());
    }
  }

  /**
   * @throws io.keelson.api.ApiError INVALID_VALUE when host.logging cannot be understood
   */
  @Override
  public void syslogReconfigure(Call call, Ref<Host> host) {
    Host record = store.snapshot().get(ApiModel.HOST, host);
    agent.forwardLog(UUID.fromString(record.uuid()), SyslogTarget.of(record));
  }

  private String asked(Call call, Ref<Host> host, Function<UUID, String> question) {
    Snapshot state = store.snapshot();
    Host record = state.get(ApiModel.HOST, host);
    if (!LiveHosts.isLive(state, record)) {
      throw ApiErrors.hostOffline(host.text());
    }
    UUID uuid = UUID.fromString(record.uuid());
    try {
      return question.apply(uuid);
    } catch (DriverException e) {
      throw Failures.of(e, call.task());
    }
  }
}
