package io.keelson.control.alert.alarm;

import io.keelson.control.alert.Alert;
import io.keelson.control.metrics.Owner;
import io.keelson.control.web.XmlElement;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the limits that other_config:perfmon sets: {@code <config><variable><name
 * value="cpu_usage"/><alarm_trigger_level value="0.5"/></variable></config>}. A variable that
 * cannot be understood is passed over.
 */
final class Variables {
  /** The other_config key. */
  static final String KEY = "perfmon";

  /** A repository's limit for what each host reads from it and writes to it, in MiB/s. */
  static final String THROUGHPUT_PER_HOST = "sr_io_throughput_total_per_host";

  static final String THROUGHPUT = "sr_io_throughput_total_";

  private static final Logger LOG = LoggerFactory.getLogger(Variables.class);
  private static final int LONGEST = 1 << 16;
  private static final int MOST = 100;
  private static final int HOUR = 3600;

  private final Owner.Kind kind;

  private Variables(Owner.Kind kind) {
    this.kind = kind;
  }

  static List<Variable> read(String xml, Owner.Kind kind) {
    if (xml.length() > LONGEST) {
      return List.of();
    }
    try {
      return new Variables(kind).read(xml);
    } catch (XMLStreamException e) {
      LOG.warn("other_config:{} says nothing that is understood: {}", KEY, e.getMessage());
      return List.of();
    }
  }

  private List<Variable> read(String xml) throws XMLStreamException {
    XMLStreamReader reader = XmlElement.reader(new StringReader(xml.strip()));
    List<Variable> all = new ArrayList<>();
    Map<String, String> settings = new LinkedHashMap<>();
    while (reader.hasNext() && all.size() < MOST) {
      int event = reader.next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        if (reader.getLocalName().equals("variable")) {
          settings = new LinkedHashMap<>();
        } else {
          String value = reader.getAttributeValue(null, "value");
          settings.put(reader.getLocalName(), value == null ? "" : value.strip());
        }
      } else if (event == XMLStreamConstants.END_ELEMENT
          && reader.getLocalName().equals("variable")) {
        variable(settings).ifPresent(all::add);
      }
    }
    return List.copyOf(all);
  }

  private Optional<Variable> variable(Map<String, String> settings) {
    String name = settings.getOrDefault("name", "");
    try {
      return Optional.of(
          new Variable(
              name,
              Double.parseDouble(settings.getOrDefault("alarm_trigger_level", "")),
              !settings.getOrDefault("alarm_trigger_sense", "high").equals("low"),
              seconds(settings, "alarm_trigger_period", 60),
              seconds(settings, "alarm_auto_inhibit_period", HOUR),
              Long.parseLong(
                  settings.getOrDefault("alarm_priority", Long.toString(Alert.ALARM.priority()))),
              means(settings, name),
              SourceNames.of(settings.getOrDefault("rrd_regex", usual(name))),
              whole(settings, name),
              xml(settings)));
    } catch (NumberFormatException | PatternSyntaxException wrong) {
      LOG.warn("the limit for {} is passed over: {}", name, wrong.getMessage());
      return Optional.empty();
    }
  }

  private static Duration seconds(Map<String, String> settings, String key, long usual) {
    return Duration.ofSeconds(
        Math.max(0, (long) Double.parseDouble(settings.getOrDefault(key, Long.toString(usual)))));
  }

  private static Consolidation means(Map<String, String> settings, String name) {
    String wanted = settings.getOrDefault("consolidation_fn", "");
    return Consolidation.of(wanted)
        .orElse(name.equals("cpu_usage") ? Consolidation.AVERAGE : Consolidation.SUM);
  }

  /** The sources that a name stands for; one that is not known is a source's own. */
  private String usual(String name) {
    return switch (kind) {
      case VM ->
          switch (name) {
            case "cpu_usage" -> "cpu[0-9]+";
            case "network_usage" -> "vif_[0-9]+_[rt]x";
            case "disk_usage" -> "vbd_(xvd|hd|sd)[a-z]+_(read|write)";
            default -> own(name);
          };
      case HOST ->
          switch (name) {
            case "cpu_usage" -> "cpu[0-9]+";
            case "network_usage" -> "pif_(?!aggr_).+_[rt]x";
            default ->
                name.startsWith(THROUGHPUT) ? own(name.substring("sr_".length())) : own(name);
          };
      case SR -> own(name);
    };
  }

  private static String own(String name) {
    return Pattern.quote(name);
  }

  /** How full a repository is counts as a part of its size. */
  private String whole(Map<String, String> settings, String name) {
    boolean part =
        kind == Owner.Kind.SR
            && name.equals("physical_utilisation")
            && !settings.containsKey("rrd_regex");
    return part ? "size" : "";
  }

  private static String xml(Map<String, String> settings) {
    StringBuilder xml = new StringBuilder("<variable>\n");
    settings.forEach((key, value) ->
        xml.append("    <")
            .append(key)
            .append(" value=\"")
            .append(value.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;"))
            .append("\"/>\n"));
    return xml.append("</variable>").toString();
  }
}
