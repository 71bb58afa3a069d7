package io.keelson.conformance.loan;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A workload balancing server that takes any pool in and keeps its settings. Two of them say what
 * it recommends: that VM, on that host.
 */
public final class Balancer implements HttpHandler {
  /** The settings that its recommendations follow. */
  private static final String HOST = "RecommendedHost";

  private static final String VM = "RecommendedVm";

  public static final String PATH = "/Citrix.Dwm.WorkloadBalance/Service";

  private static final Pattern ACTION = Pattern.compile("\"?.*/(\\w+)\"?");
  private static final Pattern PAIR =
      Pattern.compile("<(?:\\w+:)?Key>([^<]*)</(?:\\w+:)?Key>\\s*<(?:\\w+:)?Value>([^<]*)<");
  private static final String ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays";

  private final Map<String, String> settings = new ConcurrentHashMap<>();

  private final Supplier<List<String>> hosts;

  /**
   * @param hosts the uuids of those of the pool
   */
  public Balancer(Supplier<List<String>> hosts) {
    this.hosts = hosts;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      String action = String.valueOf(exchange.getRequestHeaders().getFirst("SOAPAction"));
      Matcher named = ACTION.matcher(action);
      String method = named.matches() ? named.group(1) : "";
      byte[] answer = answer(method, body).getBytes(UTF_8);
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  /** What it answers when a method is asked for with such a document. */
  public String answer(String method, String body) {
    return envelope(method, result(method, body));
  }

  private String result(String method, String body) {
    return switch (method) {
      case "AddXenServer" -> "<Id>1</Id>";
      case "RemoveXenServer" -> "";
      case "GetOptimizationRecommendations" ->
          """
          <OptimizationId>3</OptimizationId><Recommendations><PoolOptimizationRecommendation>
            <VmToMoveUuid>%s</VmToMoveUuid><MoveToHostUuid>%s</MoveToHostUuid>
            <Reason>Cpu</Reason><RecommendationId>4</RecommendationId>
          </PoolOptimizationRecommendation></Recommendations>
          """
              .formatted(setting(VM), setting(HOST));
      case "SetXenPoolConfiguration" -> {
        Map<String, String> said =
            PAIR.matcher(body)
                .results()
                .collect(Collectors.toMap(m -> m.group(1), (MatchResult m) -> m.group(2)));
        settings.putAll(said);
        yield "";
      }
      case "GetXenPoolConfiguration" ->
          settings.entrySet().stream()
              .map(e ->
                  "<b:KeyValueOfstringstring><b:Key>%s</b:Key><b:Value>%s</b:Value></b:KeyValueOfstringstring>"
                      .formatted(e.getKey(), e.getValue()))
              .collect(
                  Collectors.joining(
                      "",
                      "<OptimizationParms xmlns:b=\"" + ARRAYS + "\">",
                      "</OptimizationParms>"));
      case "VMGetRecommendations" ->
          hosts.get().stream()
              .map(this::stars)
              .collect(Collectors.joining("", "<Recommendations>", "</Recommendations>"));
      case "HostGetRecommendations" ->
          """
          <CanPlaceAllVMs>true</CanPlaceAllVMs><Recommendations><HostEvacuationRecommendation>
            <HostUuid>%s</HostUuid><RecommendationId>2</RecommendationId><VmUuid>%s</VmUuid>
          </HostEvacuationRecommendation></Recommendations>
          """
              .formatted(setting(HOST), setting(VM));
      default -> "<ResultCode>4007</ResultCode><ErrorMessage>not known</ErrorMessage>";
    };
  }

  private String stars(String host) {
    return "<R><HostUuid>%s</HostUuid><RecommendationId>1</RecommendationId>%s</R>"
        .formatted(
            host,
            host.equals(setting(HOST))
                ? "<Stars>4.5</Stars>"
                : "<ZeroScoreReason>NotChosen</ZeroScoreReason>");
  }

  private String setting(String name) {
    return settings.getOrDefault(name, "");
  }

  /** An answer with these elements as its result. */
  public static String envelope(String method, String result) {
    return """
    <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
      <%1$sResponse xmlns="http://schemas.citrix.com/DWM">
        <%1$sResult xmlns:i="http://www.w3.org/2001/XMLSchema-instance">%2$s</%1$sResult>
      </%1$sResponse>
    </s:Body></s:Envelope>
    """
        .formatted(method, result);
  }
}
