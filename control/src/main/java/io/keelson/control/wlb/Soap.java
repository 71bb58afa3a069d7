package io.keelson.control.wlb;

import java.util.Map;

/**
 * The text of requests to workload balancing servers. Members stand in the order of their names.
 */
final class Soap {
  private static final String ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays";

  private Soap() {}

  /** What a request is answered by the server as. */
  static String action(String method) {
    return "\"http://schemas.citrix.com/DWM/IWorkloadBalance/" + method + "\"";
  }

  /**
   * A request.
   *
   * @param members of the request, as XML
   */
  static String request(String method, String members) {
    return "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><"
        + method
        + " xmlns=\"http://schemas.citrix.com/DWM\">"
        + "<request xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">"
        + members
        + "</request></"
        + method
        + "></s:Body></s:Envelope>";
  }

  /** An element with a text in it. */
  static String element(String name, String text) {
    return "<" + name + ">" + escaped(text) + "</" + name + ">";
  }

  /** The member that says what the pool is to be optimised for. */
  static String optimization(Map<String, String> settings) {
    StringBuilder pairs =
        new StringBuilder("<OptimizationParms xmlns:b=\"").append(ARRAYS).append("\">");
    settings.forEach((key, value) ->
        pairs
            .append("<b:KeyValueOfstringstring>")
            .append(element("b:Key", key))
            .append(element("b:Value", value))
            .append("</b:KeyValueOfstringstring>"));
    return pairs.append("</OptimizationParms>").toString();
  }

  /** The members that name a report and what it is about. */
  static String report(String name, Map<String, String> parameters) {
    StringBuilder members = new StringBuilder(element("ReportName", name)).append("<ReportParms>");
    parameters.forEach((key, value) ->
        members
            .append("<ReportParameter>")
            .append(element("ParameterName", key))
            .append(element("ParameterValue", value))
            .append("</ReportParameter>"));
    return members.append("</ReportParms>").toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
