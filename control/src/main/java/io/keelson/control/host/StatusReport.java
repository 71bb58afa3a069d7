package io.keelson.control.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.host.CrashDumps;
import io.keelson.host.Diagnostics;
import io.keelson.host.Diagnostics.Subject;
import io.keelson.host.Machine;
import io.keelson.image.tar.TarStream.Part;
import io.keelson.image.tar.TarWriter;
import io.keelson.store.Store;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a host and its server know that helps to find a fault, subject by subject. No passwords: of
 * the database it tells how many objects of each class there are. What the kernel has written down
 * of its memory when it crashed may hold anything, and is sent only when it is asked for by name.
 */
public final class StatusReport {
  private static final Subject SERVER_LOG = new Subject("xenserver-logs", true);
  private static final Subject DATABASE = new Subject("xenserver-databases", false);
  private static final Subject CRASH_LOGS = new Subject("host-crashdump-logs", true);
  private static final Subject CRASH_DUMPS = new Subject("host-crashdump-dumps", true);

  /** What the file of a dump is called that holds the kernel's last words. */
  private static final String LAST_WORDS = "dmesg";

  private final Store store;
  private final Diagnostics machine;
  private final CrashDumps dumps;
  private final Agent agent;

  public StatusReport(Store store, Machine machine, Agent agent) {
    this.store = store;
    this.machine = machine.diagnostics();
    this.dumps = machine.crashDumps();
    this.agent = agent;
  }

  /** What the report of a host can be about. */
  public List<Subject> subjects(Ref<Host> host) {
    return Stream.concat(
            Stream.of(SERVER_LOG, DATABASE, CRASH_LOGS, CRASH_DUMPS),
            machine.subjects(uuid(host)).stream())
        .toList();
  }

  /** Whether a report has the subject where none is named. */
  static boolean isUsual(Subject subject) {
    return !subject.equals(CRASH_DUMPS);
  }

  /**
   * The subjects that a report is asked for: those named and known, or the usual when none is
   * named.
   *
   * @param entries keys, separated by commas
   */
  public List<Subject> chosen(Ref<Host> host, String entries) {
    Set<String> wanted =
        Stream.of(entries.split(",")).filter(key -> !key.isBlank()).collect(Collectors.toSet());
    return subjects(host).stream()
        .filter(subject -> wanted.isEmpty() ? isUsual(subject) : wanted.contains(subject.key()))
        .toList();
  }

  /** The files of one subject, in a folder of its name. */
  public List<Part> files(Ref<Host> host, Subject subject) {
    if (subject.equals(CRASH_DUMPS) || subject.equals(CRASH_LOGS)) {
      return crashes(uuid(host), subject);
    }
    List<Part> files = new ArrayList<>();
    texts(host, subject)
        .forEach((name, text) -> {
          byte[] bytes = text.getBytes(UTF_8);
          files.add(
              new Part(
                  subject.key() + "/" + name, bytes.length, () -> new ByteArrayInputStream(bytes)));
        });
    return files;
  }

  private Map<String, String> texts(Ref<Host> host, Subject subject) {
    if (subject.equals(SERVER_LOG)) {
      return Map.of("server.log", agent.log());
    }
    return subject.equals(DATABASE)
        ? Map.of("objects", objects())
        : machine.report(uuid(host), subject.key());
  }

  private List<Part> crashes(UUID host, Subject subject) {
    List<Part> files = new ArrayList<>();
    for (CrashDumps.Dump dump : dumps.list(host)) {
      dumps.files(host, dump.name()).stream()
          .filter(file -> subject.equals(CRASH_DUMPS) != file.name().startsWith(LAST_WORDS))
          .forEach(file ->
              files.add(
                  new Part(
                      String.join("/", subject.key(), dump.name(), file.name()),
                      file.sizeBytes(),
                      () -> dumps.open(host, dump.name(), file.name()))));
    }
    return files;
  }

  /** Writes a tar archive with a folder for each of these subjects. */
  public void writeTar(Ref<Host> host, List<Subject> subjects, OutputStream out)
      throws IOException {
    TarWriter tar = new TarWriter(out);
    for (Subject subject : subjects) {
      for (Part file : files(host, subject)) {
        try (InputStream content = file.content().get()) {
          tar.file(file.name(), file.length(), content);
        }
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
