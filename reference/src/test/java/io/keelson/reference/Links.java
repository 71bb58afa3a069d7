package io.keelson.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The links of all files of a folder, and the places that they may lead to. */
final class Links {
  private static final Pattern ANCHOR = Pattern.compile(" id=\"([^\"]*)\"");

  private final Map<String, Set<String>> anchors = new HashMap<>();
  private final List<String> broken = new ArrayList<>();
  private int count;

  private Links() {}

  /**
   * @param link what a link looks like, its target being the first group
   */
  static Links of(Path folder, Pattern link) throws IOException {
    Links links = new Links();
    Map<String, String> files = new HashMap<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.toList()) {
        files.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    files.forEach(links::anchors);
    files.forEach((name, text) -> links.check(name, link.matcher(text)));
    return links;
  }

  private void anchors(String name, String text) {
    Set<String> found = anchors.computeIfAbsent(name, _ -> new HashSet<>());
    Matcher anchor = ANCHOR.matcher(text);
    while (anchor.find()) {
      if (!found.add(anchor.group(1))) {
        broken.add(name + " has two of " + anchor.group(1));
      }
    }
  }

  private void check(String name, Matcher link) {
    while (link.find()) {
      count++;
      String target = link.group(1);
      int hash = target.indexOf('#');
      String file = hash == 0 ? name : hash < 0 ? target : target.substring(0, hash);
      boolean there =
          anchors.containsKey(file)
              && (hash < 0
                  || anchors.getOrDefault(file, Set.of()).contains(target.substring(hash + 1)));
      if (!there) {
        broken.add(name + " leads to " + target);
      }
    }
  }

  int count() {
    return count;
  }

  /** What leads nowhere, and what has a name that is taken. */
  List<String> broken() {
    return broken;
  }
}
