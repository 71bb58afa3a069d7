package io.keelson.testkit.box;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import io.keelson.testkit.wire.Wire;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The server in a JVM of its own, on a folder that outlives it: it can be killed and started again
 * on what it left. It listens on loopback, on ports that were free.
 */
public final class ServerBox implements AutoCloseable {
  public static final String PASSWORD = "testkit's password";

  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration END = Duration.ofSeconds(30);

  /** A small heap, and the collector and the compiler that start fastest. */
  private static final List<String> FLAGS =
      List.of(
          "-Xmx768m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "--sun-misc-unsafe-memory-access=allow",
          "--enable-native-access=ALL-UNNAMED");

  private final Path folder;
  private final List<String> driver;
  private final Map<String, String> environment = new HashMap<>();
  private Optional<Process> process = Optional.empty();
  private URI api = URI.create("http://127.0.0.1:0/");
  private Optional<URI> tls = Optional.empty();

  private ServerBox(Path folder, List<String> driver) {
    this.folder = folder;
    this.driver = driver;
  }

  /** A server with so many simulated hosts, not started yet. */
  public static ServerBox simulated(Path folder, int hosts, String... options) {
    List<String> simulator = List.of("--driver", "sim", "--hosts", Integer.toString(hosts));
    return new ServerBox(folder, Stream.concat(simulator.stream(), Stream.of(options)).toList());
  }

  /** A server of real virtual machines, not started yet. */
  public static ServerBox real(Path folder, String... options) {
    return new ServerBox(
        folder, Stream.concat(Stream.of("--driver", "qemu"), Stream.of(options)).toList());
  }

  /** Gives the server a variable of its environment, from its next start on. */
  public ServerBox with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Starts the server and waits until it serves. */
  public ServerBox start() {
    return start(ClassArchive.flags());
  }

  ServerBox start(List<String> flags) {
    if (process.isPresent()) {
      throw new IllegalStateException("started already");
    }
    try {
      Files.createDirectories(data());
      Files.deleteIfExists(pidFile());
      ProcessBuilder builder =
          new ProcessBuilder(command(flags))
              .redirectErrorStream(true)
              .redirectOutput(Redirect.appendTo(logFile().toFile()))
              .directory(folder.toFile());
      builder.environment().put("KEELSON_ROOT_PASSWORD", PASSWORD);
      builder.environment().putAll(environment);
      Process started = builder.start();
      process = Optional.of(started);
      awaitReady(started);
      Map<String, URI> endpoints = endpoints();
      api = Optional.ofNullable(endpoints.get("api")).orElseThrow();
      tls = Optional.ofNullable(endpoints.get("tls"));
      return this;
    } catch (IOException e) {
      kill();
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the server as a power cut would. */
  public void kill() {
    process.ifPresent(running -> end(running.destroyForcibly()));
    process = Optional.empty();
  }

  /**
   * Ends the server as {@code down} does.
   *
   * @return its exit status
   */
  public int stop() {
    Process running = process.orElseThrow();
    running.destroy();
    end(running);
    process = Optional.empty();
    return running.exitValue();
  }

  /** How a command of the program ended, and what it said. */
  public record Ran(int status, String output) {}

  /** Runs another command of the program to its end. */
  public Ran run(String... words) {
    List<String> command =
        Stream.of(
                List.of(java()),
                FLAGS,
                ClassArchive.flags(),
                List.of("-cp", classPath(), "io.keelson.server.Main"))
            .flatMap(List::stream)
            .collect(Collectors.toList());
    command.addAll(List.of(words));
    try {
      Process running = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(running.getInputStream().readAllBytes(), UTF_8);
      end(running);
      return new Ran(running.exitValue(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Whether it runs still, or has ended by itself. */
  public boolean isAlive() {
    return process.map(Process::isAlive).orElse(false);
  }

  /** The process that runs. */
  public long pid() {
    return process.orElseThrow().pid();
  }

  /** Where the API is, a path of {@code /}. */
  public URI api() {
    return api;
  }

  /** Where the API is over TLS. */
  public Optional<URI> tls() {
    return tls;
  }

  public Path data() {
    return folder.resolve("data");
  }

  /** A way to call it, without a session. */
  public Wire wire(Format format) {
    return format.wire(api);
  }

  /** Logs in as root. */
  public Api login(Format format) {
    return Api.login(wire(format), PASSWORD);
  }

  /** All that the server has said, over all its starts. */
  public String log() {
    try {
      return Files.exists(logFile()) ? Files.readString(logFile(), UTF_8) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the server and the virtual machines that it leaves running. */
  @Override
  public void close() {
    kill();
    Domains.under(data()).forEach(Domains::kill);
  }

  private List<String> command(List<String> flags) {
    List<String> serve =
        List.of(
            "io.keelson.server.Main",
            "serve",
            "--data",
            data().toString(),
            "--listen",
            "127.0.0.1:0",
            "--tls-listen",
            "127.0.0.1:0");
    return Stream.of(List.of(java()), FLAGS, flags, List.of("-cp", classPath()), serve, driver)
        .flatMap(List::stream)
        .toList();
  }

  /** The class path of this run without the tests themselves. */
  static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.contains("testkit"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private void awaitReady(Process started) throws IOException {
    long until = System.nanoTime() + START.toNanos();
    while (!Files.exists(pidFile())) {
      boolean ended = waitFor(started, Duration.ofMillis(10));
      if (ended || System.nanoTime() > until) {
        throw new IOException("the server did not start:\n" + log());
      }
    }
  }

  private static boolean waitFor(Process running, Duration time) {
    try {
      return running.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void end(Process running) {
    if (!waitFor(running, END)) {
      running.destroyForcibly();
      throw new IllegalStateException("the server did not end within " + END);
    }
  }

  private Map<String, URI> endpoints() throws IOException {
    return Files.readAllLines(data().resolve("run/server.endpoints")).stream()
        .filter(line -> !line.startsWith("socket="))
        .map(line -> line.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> URI.create(pair[1])));
  }

  private Path pidFile() {
    return data().resolve("run/server.pid");
  }

  private Path logFile() {
    return folder.resolve("server.log");
  }
}
