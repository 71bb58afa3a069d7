package io.keelson.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What is done with whole disks: snapshots and clones of a machine with a disk full of noise, its
 * export and import, and the memory that the server takes meanwhile; and the same done to the same
 * bytes by {@code qemu-img}.
 */
final class Disks {
  private static final long MIB = 1L << 20;
  private static final long SIZE = 1L << 30;
  private static final long LARGE = 4L << 30;
  private static final int FORKS = 20;

  private final KeelsonPeer peer;
  private final Path folder;
  private final Map<String, String> keelson = new LinkedHashMap<>();
  private final Map<String, String> bare = new LinkedHashMap<>();

  private Disks(KeelsonPeer peer, Path folder) {
    this.peer = peer;
    this.folder = folder;
  }

  /**
   * The table's columns.
   *
   * @param folder holds some 20 GiB for a while; what the work leaves there is removed
   */
  static Map<String, Map<String, String>> run(KeelsonPeer peer, Path folder)
      throws IOException, InterruptedException {
    peer.start();
    Disks disks = new Disks(peer, folder);
    try (KeelsonClient client = peer.connect()) {
      disks.forks(client, disks.machine(client, SIZE));
      disks.large(client);
    }
    return Map.of("Keelson", disks.keelson, "qemu-img", disks.bare);
  }

  /** A machine with a disk full of noise, which is uploaded. */
  private String machine(KeelsonClient client, long size) throws IOException, InterruptedException {
    Path noise = noise(size);
    String vm = client.define("disks");
    String vdi = client.disk(vm, size);
    String gib = size / SIZE + " GiB";
    String step = "write " + gib + " of raw bytes to a disk";
    rate(keelson, step, size, () -> put("import_raw_vdi?format=raw&vdi=" + vdi, client, noise));
    Path image = folder.resolve("image.qcow2");
    rate(bare, step, size, () -> convert("raw", noise, "qcow2", image));
    Path raw = folder.resolve("raw");
    step = "read " + gib + " of raw bytes from it";
    rate(keelson, step, size, () -> get("export_raw_vdi?format=raw&vdi=" + vdi, client, raw));
    rate(bare, step, size, () -> convert("qcow2", image, "raw", raw));
    if (Files.mismatch(noise, raw) >= 0) {
      throw new IOException("what was read is not what was written");
    }
    for (Path file : List.of(noise, image, raw)) {
      Files.delete(file);
    }
    return vm;
  }

  private void forks(KeelsonClient client, String vm) {
    for (String message : List.of("snapshot", "clone")) {
      List<Long> nanos = new ArrayList<>();
      for (int i = 0; i < FORKS; i++) {
        long begin = System.nanoTime();
        client.rpc().text("VM." + message, client.session() + ",\"" + vm + "\",\"fork\"");
        nanos.add(System.nanoTime() - begin);
      }
      keelson.put(
          "VM." + message + " of a VM with that disk",
          "%.1f ms (p99 %.1f ms)"
              .formatted(Storm.Rate.percentile(nanos, 50), Storm.Rate.percentile(nanos, 99)));
    }
  }

  private void large(KeelsonClient client) throws IOException, InterruptedException {
    String vm = machine(client, LARGE);
    Path archive = folder.resolve("archive.xva");
    rate(keelson, "export a VM with it", LARGE, () -> get("export?ref=" + vm, client, archive));
    long before = peer.footprint().peakMemory();
    rate(keelson, "import that again", LARGE, () -> put("import", client, archive));
    keelson.put(
        "memory of the server, before it and at most during it",
        "%,d and %,d MiB".formatted(before / MIB, peer.footprint().peakMemory() / MIB));
    Files.delete(archive);
  }

  private Path noise(long size) throws IOException {
    Path file = folder.resolve("noise");
    Random random = new Random(size);
    byte[] block = new byte[(int) MIB];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long written = 0; written < size; written += block.length) {
        random.nextBytes(block);
        out.write(block);
      }
    }
    return file;
  }

  /** Something that is timed. */
  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  private static void rate(Map<String, String> column, String step, long size, Work work)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - begin) / 1e9;
    column.put(step, "%.1f s (%,.0f MiB/s)".formatted(seconds, size / (double) MIB / seconds));
  }

  private HttpRequest.Builder request(String what, KeelsonClient client) {
    String session = client.session().replace("\"", "");
    String separator = what.contains("?") ? "&" : "?";
    return HttpRequest.newBuilder(
        URI.create(
            "http://" + peer.authority() + "/" + what + separator + "session_id=" + session));
  }

  private void put(String what, KeelsonClient client, Path file)
      throws IOException, InterruptedException {
    HttpRequest request =
        request(what, client).PUT(HttpRequest.BodyPublishers.ofFile(file)).build();
    check(HTTP.send(request, HttpResponse.BodyHandlers.ofString()));
  }

  private void get(String what, KeelsonClient client, Path file)
      throws IOException, InterruptedException {
    check(HTTP.send(request(what, client).build(), HttpResponse.BodyHandlers.ofFile(file)));
  }

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static void check(HttpResponse<?> reply) throws IOException {
    if (reply.statusCode() != 200) {
      throw new IOException(reply.statusCode() + " of " + reply.uri().getPath());
    }
  }

  private static void convert(String from, Path source, String to, Path target)
      throws IOException, InterruptedException {
    List<String> command =
        List.of("qemu-img", "convert", "-f", from, "-O", to, source.toString(), target.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String words = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(words);
    }
  }
}
