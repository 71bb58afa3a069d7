package io.keelson.testkit.wlb;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.keelson.conformance.loan.Balancer;
import io.keelson.conformance.rpc.XmlText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/**
 * A workload balancing server as the products' own are spoken to: SOAP, over TLS, for those who
 * know its password. It answers as the conformance suite's does where a test has it answer nothing
 * else, and keeps what it was asked.
 */
public final class BalancingServer implements AutoCloseable {
  public static final String USER = "wlbuser";
  public static final String PASSWORD = "wlb & <password>";

  private static final String DWM = "http://schemas.citrix.com/DWM";

  private final HttpsServer https;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Balancer usual = new Balancer(List::of);
  private final Map<String, String> overrides = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  /** What was asked: the members of the request by name, those of arrays by their keys. */
  public record Request(String method, Map<String, String> members) {}

  public BalancingServer(SSLContext tls) throws IOException {
    https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    https.setHttpsConfigurator(new HttpsConfigurator(tls));
    https.setExecutor(threads);
    https.createContext(Balancer.PATH, this::serve);
    https.start();
  }

  public String url() {
    return "127.0.0.1:" + https.getAddress().getPort();
  }

  /** Has a method answered with these elements as its result, from now on. */
  public void answers(String method, String result) {
    overrides.put(method, Balancer.envelope(method, result));
  }

  /** Has a method answered with this document. */
  void answersRaw(String method, String document) {
    overrides.put(method, document);
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
    Element call = XmlText.elements(XmlText.elements(envelope).getFirst()).getFirst();
    String method = call.getLocalName();
    if (!DWM.equals(call.getNamespaceURI())
        || !action.equals("\"" + DWM + "/IWorkloadBalance/" + method + "\"")) {
      throw new IOException("no method of this server: " + action);
    }
    Map<String, String> members = new LinkedHashMap<>();
    XmlText.elements(XmlText.elements(call).getFirst()).forEach(member -> members(member, members));
    requests.add(new Request(method, members));
    String wanted = overrides.get(method);
    return wanted == null ? usual.answer(method, new String(body, UTF_8)) : wanted;
  }

  private static void members(Element member, Map<String, String> found) {
    List<Element> items = XmlText.elements(member);
    if (items.isEmpty()) {
      found.put(member.getLocalName(), member.getTextContent());
    }
    for (Element item : items) {
      List<Element> pair = XmlText.elements(item);
      found.put(pair.get(0).getTextContent(), pair.get(1).getTextContent());
    }
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
