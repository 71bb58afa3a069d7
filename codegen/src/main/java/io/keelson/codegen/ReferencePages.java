package io.keelson.codegen;

import io.keelson.model.ClassFacts;
import io.keelson.model.ErrorFacts;
import io.keelson.model.FieldFacts;
import io.keelson.model.MessageFacts;
import io.keelson.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The API reference in Markdown: a page a class, one for the errors, and an index. */
final class ReferencePages {
  private final Model model;

  ReferencePages(Model model) {
    this.model = model;
  }

  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (ClassFacts facts : model.classes()) {
      Files.writeString(folder.resolve(facts.name() + ".md"), page(facts));
    }
    Files.writeString(folder.resolve("errors.md"), errors());
    Files.writeString(
        folder.resolve("README.md"),
        "# API reference\n\n"
            + model.classes().stream()
                .map(c -> "- [%s](%s.md): %s".formatted(c.name(), c.name(), c.summary()))
                .collect(Collectors.joining("\n"))
            + "\n- [Error codes](errors.md)\n");
  }

  private static String page(ClassFacts facts) {
    StringBuilder page = new StringBuilder("# %s\n\n%s\n".formatted(facts.name(), facts.summary()));
    if (!facts.enums().isEmpty()) {
      page.append("\n## Enums\n\n| name | values |\n|---|---|\n");
      facts
          .enums()
          .forEach(
              e -> page.append("| %s | %s |\n".formatted(e.name(), String.join(", ", e.values()))));
    }
    List<FieldFacts> fields = facts.fields().stream().filter(f -> !f.internal()).toList();
    if (!fields.isEmpty()) {
      page.append(
          "\n## Fields\n\n| name | type | access | default | meaning |\n|---|---|---|---|---|\n");
      for (FieldFacts f : fields) {
        page.append(
            "| %s | %s | %s | %s | %s%s |\n"
                .formatted(
                    f.name(),
                    f.type(),
                    f.access(),
                    f.fallback().orElse(""),
                    f.status().map(s -> s + ". ").orElse(""),
                    f.summary()));
      }
    }
    if (!facts.messages().isEmpty()) {
      page.append("\n## Messages\n");
      facts.messages().forEach(m -> page.append(message(facts, m)));
    }
    return page.toString();
  }

  private static String message(ClassFacts facts, MessageFacts m) {
    String params =
        m.params().stream().map(p -> p.type() + " " + p.name()).collect(Collectors.joining(", "));
    String errors =
        m.errors().isEmpty() ? "" : "\n\nErrors: " + String.join(", ", m.errors()) + ".";
    return "\n### %s.%s\n\n`%s %s(%s)`\n\n%s%s\n\nLeast role: %s. Since: %s.%s\n"
        .formatted(
            facts.name(),
            m.name(),
            m.result(),
            m.name(),
            params,
            m.status().map(s -> s + ". ").orElse(""),
            m.summary(),
            m.role(),
            m.lifecycle().getOrDefault("published", "-"),
            errors);
  }

  private String errors() {
    StringBuilder page =
        new StringBuilder("# Error codes\n\n| code | parameters | meaning |\n|---|---|---|\n");
    for (ErrorFacts e : model.errors()) {
      page.append(
          "| %s | %s | %s |\n".formatted(e.wireText(), String.join(", ", e.params()), e.summary()));
    }
    return page.toString();
  }
}
