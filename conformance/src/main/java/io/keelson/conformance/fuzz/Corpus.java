package io.keelson.conformance.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.keelson.conformance.fuzz.make.Request;
import io.keelson.conformance.fuzz.make.Wanted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Requests that are kept as files: what was found once, and what others have stumbled over. */
final class Corpus {
  private static final String BUILT_IN = "/io/keelson/conformance/fuzz/corpus";

  private final Optional<Path> folder;
  private final long seed;

  /**
   * @param folder of more files; what is found goes there
   */
  Corpus(Optional<Path> folder, long seed) {
    this.folder = folder;
    this.seed = seed;
  }

  /** All of them. */
  List<Request> all() throws IOException {
    List<Request> all = new ArrayList<>(builtIn());
    if (folder.isPresent() && Files.isDirectory(folder.orElseThrow())) {
      all.addAll(in(folder.orElseThrow()));
    }
    return all;
  }

  private static List<Request> builtIn() throws IOException {
    URL place = Corpus.class.getResource(BUILT_IN);
    if (place == null) {
      throw new IOException("no folder " + BUILT_IN);
    }
    try {
      URI uri = place.toURI();
      if (!uri.getScheme().equals("jar")) {
        return in(Path.of(uri));
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        return in(jar.getPath(BUILT_IN));
      }
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  private static List<Request> in(Path folder) throws IOException {
    List<Request> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        Optional<Wanted> wanted = Wanted.of(name);
        if (wanted.isPresent()) {
          String raw = Files.readString(file, ISO_8859_1);
          all.add(new Request(name, raw, wanted.orElseThrow(), 1));
        }
      }
    }
    return all;
  }

  /** Keeps a request, where there is a folder for that. */
  void keep(String where, Request request) {
    if (folder.isEmpty() || Wanted.of(where).isPresent()) {
      return;
    }
    try {
      Path into = Files.createDirectories(folder.orElseThrow());
      String about = request.about().replaceAll("[^A-Za-z0-9_.]", "_");
      String name =
          "%d-%s-%s%s"
              .formatted(
                  seed,
                  where,
                  about.substring(0, Math.min(60, about.length())),
                  request.wanted().suffix());
      Files.writeString(into.resolve(name), request.raw(), ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
