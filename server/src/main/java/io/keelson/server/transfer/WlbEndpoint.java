package io.keelson.server.transfer;

import io.keelson.api.ApiErrors;
import io.keelson.api.Reply;
import io.keelson.control.gate.HttpAction;
import io.keelson.control.wlb.WlbReports;
import io.keelson.http.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What the workload balancing server writes: /wlb_report and /wlb_diagnostics. */
public final class WlbEndpoint {
  private static final String REPORT = "report";

  /** What is said in a query that is not for the report. */
  private static final Set<String> OURS = Set.of("session_id", "task_id", "subtask_of", REPORT);

  private final TransferEndpoint transfers;
  private final WlbReports reports;

  public WlbEndpoint(TransferEndpoint transfers, WlbReports reports) {
    this.transfers = transfers;
    this.reports = reports;
  }

  public List<Route> routes() {
    return List.of(
        transfers.route(
            "GET",
            "/wlb_report",
            HttpAction.GET_WLB_REPORT,
            "WLB ExecuteReport request",
            this::report),
        transfers.route(
            "GET",
            "/wlb_diagnostics",
            HttpAction.GET_WLB_DIAGNOSTICS,
            "WLB GetDiagnostics request",
            this::diagnostics));
  }

  private Reply report(TransferCall call) {
    String name =
        call.parameter(REPORT)
            .filter(text -> !text.isBlank())
            .orElseThrow(() -> ApiErrors.invalidValue(REPORT, ""));
    Map<String, String> parameters = call.parametersAfter("");
    parameters.keySet().removeAll(OURS);
    reports.report(
        call.call(),
        name,
        parameters,
        () -> call.reply("text/xml; charset=utf-8", Optional.empty(), OptionalLong.empty()));
    return Reply.NOTHING;
  }

  private Reply diagnostics(TransferCall call) {
    reports.diagnostics(
        call.call(),
        () -> call.reply("text/plain; charset=utf-8", Optional.empty(), OptionalLong.empty()));
    return Reply.NOTHING;
  }
}
