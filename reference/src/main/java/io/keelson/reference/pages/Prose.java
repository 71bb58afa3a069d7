package io.keelson.reference.pages;

import io.keelson.conformance.surface.Message;
import io.keelson.conformance.surface.Surface;
import io.keelson.model.ErrorFacts;
import io.keelson.model.Model;
import io.keelson.reference.document.Inline;
import io.keelson.reference.document.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Sentences of the model; what they name in full has a link. */
final class Prose {
  private static final Pattern NAME =
      Pattern.compile("\\b([A-Za-z_]+)\\.([A-Za-z_]+[A-Za-z])\\b|\\b[A-Z]+(?:_[A-Z]+)+\\b");

  private final Surface surface;
  private final Set<String> errors;

  Prose(Model model, Surface surface) {
    this.surface = surface;
    this.errors = model.errors().stream().map(ErrorFacts::wireText).collect(Collectors.toSet());
  }

  List<Inline> of(String text) {
    List<Inline> line = new ArrayList<>();
    Matcher name = NAME.matcher(text);
    int end = 0;
    while (name.find()) {
      Optional<Target> target = target(name);
      if (target.isPresent()) {
        line.add(Inline.text(text.substring(end, name.start())));
        line.add(Inline.codeLink(target.orElseThrow(), name.group()));
        end = name.end();
      }
    }
    line.add(Inline.text(text.substring(end)));
    return line;
  }

  private Optional<Target> target(Matcher name) {
    if (name.group(1) == null) {
      return errors.contains(name.group())
          ? Optional.of(new Target(Links.ERRORS, name.group()))
          : Optional.empty();
    }
    return surface
        .message(name.group())
        .filter(m -> !m.implicit())
        .<Target>map((Message m) -> Links.message(m))
        .or(() ->
            surface.fields(name.group(1)).stream()
                .filter(f -> f.name().equals(name.group(2)))
                .map(f -> Links.field(name.group(1), f.name()))
                .findFirst());
  }
}
