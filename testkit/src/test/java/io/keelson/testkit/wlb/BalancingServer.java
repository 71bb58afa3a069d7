package io.keelson.testkit.wlb;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * A workload balancing server as the products' own are spoken to: SOAP, over TLS, for those who
 * know its password. It knows the pools that are added to it, keeps their settings, and recommends
 * what a test has it recommend.
 */
public final class BalancingServer implements AutoCloseable {
  public static final String USER = "wlbuser";
  public static final String PASSWORD = "wlb & <password>";

  private static final String DWM = "http://schemas.citrix.com/DWM";
  private static final String ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays";

  private final HttpsServer https;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, UnaryOperator<String>> overrides = new ConcurrentHashMap<>();
  private final Map<String, String> settings = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  /** What was asked: the members of the request by name, those of arrays by their keys. */
  public record Request(String method, Map<String, String> members) {}

  public BalancingServer(SSLContext tls) throws IOException {
    https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    https.setHttpsConfigurator(new HttpsConfigurator(tls));
    https.setExecutor(threads);
    https.createContext("/Citrix.Dwm.WorkloadBalance/Service", this::serve);
    https.start();
  }

  public String url() {
    return "127.0.0.1:" + https.getAddress().getPort();
  }

  /** Has a method answered with these elements as its result, from now on. */
  public void answers(String method, String result) {
    overrides.put(method, _ -> envelope(method, result));
  }

  /** Has a method answered with this document. */
  void answersRaw(String method, String document) {
    overrides.put(method, _ -> document);
  }

  /** The requests for a method. */
  public List<Request> asked(String method) {
    return requests.stream().filter(r -> r.method.equals(method)).toList();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String login = USER + ":" + PASSWORD;
      String basic = "Basic " + Base64.getEncoder().encodeToString(login.getBytes(UTF_8));
      if (!basic.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      String answer = answer(exchange.getRequestHeaders().getFirst("SOAPAction"), body);
      byte[] bytes = answer.getBytes(UTF_8);
      exchange.sendResponseHeaders(answer.contains("Fault>") ? 500 : 200, bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (SAXException | ParserConfigurationException e) {
      throw new IOException(e);
    }
  }

  private String answer(String action, byte[] body)
      throws IOException, SAXException, ParserConfigurationException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    Element envelope =
        factory.newDocumentBuilder().parse(new ByteArrayInputStream(body)).getDocumentElement();
    Element call = children(children(envelope).getFirst()).getFirst();
    String method = call.getLocalName();
    if (!DWM.equals(call.getNamespaceURI())
        || !action.equals("\"" + DWM + "/IWorkloadBalance/" + method + "\"")) {
      throw new IOException("no method of this server: " + action);
    }
    Map<String, String> members = new LinkedHashMap<>();
    children(children(call).getFirst()).forEach(member -> members(member, members));
    Request request = new Request(method, members);
    requests.add(request);
    return overrides.getOrDefault(method, _ -> envelope(method, result(request))).apply(method);
  }

  private String result(Request request) {
    return switch (request.method) {
      case "AddXenServer" -> "<Id>7</Id>";
      case "RemoveXenServer" -> "";
      case "SetXenPoolConfiguration" -> {
        settings.putAll(request.members);
        settings.remove("PoolUuid");
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
      default -> "<ResultCode>4007</ResultCode><ErrorMessage>not known</ErrorMessage>";
    };
  }

  private static void members(Element member, Map<String, String> found) {
    List<Element> items = children(member);
    if (items.isEmpty()) {
      found.put(member.getLocalName(), member.getTextContent());
    }
    for (Element item : items) {
      List<Element> pair = children(item);
      found.put(pair.get(0).getTextContent(), pair.get(1).getTextContent());
    }
  }

  private static String envelope(String method, String result) {
    return """
    <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">
      <s:Body>
        <%1$sResponse xmlns="http://schemas.citrix.com/DWM">
          <%1$sResult xmlns:i="http://www.w3.org/2001/XMLSchema-instance">%2$s</%1$sResult>
        </%1$sResponse>
      </s:Body>
    </s:Envelope>
    """
        .formatted(method, result);
  }

  private static List<Element> children(Node parent) {
    List<Element> found = new ArrayList<>();
    NodeList nodes = parent.getChildNodes();
    for (int i = 0; i < nodes.getLength(); i++) {
      if (nodes.item(i) instanceof Element element) {
        found.add(element);
      }
    }
    return found;
  }

  /** Answers nobody any more. */
  void goAway() {
    https.stop(0);
  }

  @Override
  public void close() {
    goAway();
    threads.shutdownNow();
  }
}
