package io.keelson.codegen;

import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.TypeSpec;
import io.keelson.model.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;

/** Writes the Java that is made from the model: {@code Main JAVA-FOLDER}. */
public final class Main {
  private Main() {}

  public static void main(String[] args) throws IOException {
    Path sources = Path.of(args[0]);
    Model model = Model.load();
    BiConsumer<String, TypeSpec> write =
        (name, type) -> {
          try {
            JavaFile.builder(name, type)
                .skipJavaLangImports(true)
                .indent("  ")
                .addFileComment("Generated from the model; do not edit.")
                .build()
                .writeTo(sources);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    new EnumSource(model).write(write);
    new ErrorSource(model).write(write);
    new RecordSource(model).write(write);
    new FieldSource(model).write(write);
    new MessageSource(model).write(write);
    new ModelSource(model).write(write);
    for (String name : new String[] {JavaNames.RECORDS, JavaNames.MESSAGES}) {
      Path folder = sources.resolve(name.replace('.', '/'));
      Files.writeString(
          folder.resolve("package-info.java"),
          """
          /** Generated from the model. */
          @org.jspecify.annotations.NullMarked
          package %s;
          """
              .formatted(name));
    }
  }
}
