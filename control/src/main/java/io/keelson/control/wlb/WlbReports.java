package io.keelson.control.wlb;

import io.keelson.api.ApiError;
import io.keelson.api.Call;
import io.keelson.control.Resources;
import io.keelson.control.web.XmlElement;
import java.io.BufferedInputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What the workload balancing server writes: reports, and how it is itself. Such an answer may be
 * hundreds of megabytes, so that it lies in a file until all of it is there and is known to be
 * whole.
 */
public final class WlbReports {
  private static final int SHORT = 1 << 16;

  private final WorkloadBalancing balancing;
  private final Path scratch;

  /**
   * @param scratch folder for answers on their way
   */
  public WlbReports(Resources resources, Path scratch) {
    this.balancing = new WorkloadBalancing(resources);
    this.scratch = scratch;
  }

  /**
   * A report, as XML.
   *
   * @param reply is asked for where it goes once nothing can be wrong with it any more
   * @throws ApiError WLB_NOT_INITIALIZED, and other WLB_*
   */
  public void report(
      Call call, String name, Map<String, String> parameters, Supplier<OutputStream> reply) {
    send(call, "ExecuteReport", Soap.report(name, parameters), "XmlDataSet", reply);
  }

  /**
   * What the server tells of itself.
   *
   * @throws ApiError as {@link #report}
   */
  public void diagnostics(Call call, Supplier<OutputStream> reply) {
    send(call, "GetDiagnostics", "", "DiagnosticData", reply);
  }

  private void send(
      Call call, String method, String members, String element, Supplier<OutputStream> reply) {
    try {
      Path file = Files.createTempFile(scratch, "report", ".tmp");
      try {
        balancing.fetch(call, method, members, file);
        requireWhole(method, element, file);
        try (Writer out =
            new BufferedWriter(new OutputStreamWriter(reply.get(), StandardCharsets.UTF_8))) {
          copy(file, element, out);
        }
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (XMLStreamException e) {
      throw new IllegalStateException("an answer that could be read no longer can", e);
    }
  }

  /** Without the element there is an error in the answer. */
  private static void requireWhole(String method, String element, Path file) throws IOException {
    boolean found;
    try {
      found = copy(file, element, Writer.nullWriter());
    } catch (XMLStreamException _) {
      throw WlbClient.malformed(method, "it is no XML that can be read", start(file));
    }
    if (!found) {
      XmlElement _ = WlbClient.result(method, start(file));
      throw WlbClient.malformed(method, "there is no " + element + " in it", start(file));
    }
  }

  private static byte[] start(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(SHORT);
    }
  }

  /** Writes the text of an element, and reads the rest for its form alone. */
  private static boolean copy(Path file, String element, Writer out)
      throws IOException, XMLStreamException {
    boolean found = false;
    boolean within = false;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      XMLStreamReader reader = XmlElement.reader(in);
      while (reader.hasNext()) {
        int event = XmlElement.next(reader);
        if (event == XMLStreamConstants.START_ELEMENT && reader.getLocalName().equals(element)) {
          found = true;
          within = true;
        } else if (event == XMLStreamConstants.END_ELEMENT) {
          within = within && !reader.getLocalName().equals(element);
        } else if (within && reader.isCharacters()) {
          out.write(reader.getTextCharacters(), reader.getTextStart(), reader.getTextLength());
        }
      }
    }
    return found;
  }
}
