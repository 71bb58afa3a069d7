package io.keelson.control.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.host.Diagnostics;
import io.keelson.host.Diagnostics.Subject;
import io.keelson.image.tar.TarWriter;
import io.keelson.store.Store;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a host and its server know that helps to find a fault, subject by subject. No passwords: of
 * the database it tells how many objects of each class there are.
 */
public final class StatusReport {
  private static final Subject SERVER_LOG = new Subject("xenserver-logs", true);
  private static final Subject DATABASE = new Subject("xenserver-databases", false);

  private final Store store;
  private final Diagnostics machine;
  private final Agent agent;

  public StatusReport(Store store, Diagnostics machine, Agent agent) {
    this.store = store;
    this.machine = machine;
    this.agent = agent;
  }

  /** What the report of a host can be about. */
  public List<Subject> subjects(Ref<Host> host) {
    return Stream.concat(Stream.of(SERVER_LOG, DATABASE), machine.subjects(uuid(host)).stream())
        .toList();
  }

  /**
   * The subjects that a report is asked for: those named and known, or all when none is named.
   *
   * @param entries keys, separated by commas
   */
  public List<Subject> chosen(Ref<Host> host, String entries) {
    Set<String> wanted =
        Stream.of(entries.split(",")).filter(key -> !key.isBlank()).collect(Collectors.toSet());
    return subjects(host).stream()
        .filter(subject -> wanted.isEmpty() || wanted.contains(subject.key()))
        .toList();
  }

  /** The texts of one subject, by names of files. */
  public Map<String, String> texts(Ref<Host> host, Subject subject) {
    if (subject.equals(SERVER_LOG)) {
      return Map.of("server.log", agent.log());
    }
    return subject.equals(DATABASE)
        ? Map.of("objects", objects())
        : machine.report(uuid(host), subject.key());
  }

  /** Writes a tar archive with a folder for each of these subjects. */
  public void writeTar(Ref<Host> host, List<Subject> subjects, OutputStream out)
      throws IOException {
    TarWriter tar = new TarWriter(out);
    for (Subject subject : subjects) {
      for (Map.Entry<String, String> text : texts(host, subject).entrySet()) {
        tar.file(subject.key() + "/" + text.getKey(), text.getValue().getBytes(UTF_8));
      }
    }
    tar.end();
  }

  private String objects() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (ApiClass<? extends ApiRecord> apiClass : ApiModel.CLASSES) {
      counts.put(apiClass.name(), store.snapshot().table(apiClass).size());
    }
    return counts.entrySet().stream()
        .map(e -> e.getKey() + " " + e.getValue() + "\n")
        .collect(Collectors.joining());
  }

  private UUID uuid(Ref<Host> host) {
    return UUID.fromString(store.snapshot().get(ApiModel.HOST, host).uuid());
  }
}
