package io.keelson.codegen;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeSpec;
import com.palantir.javapoet.WildcardTypeName;
import io.keelson.model.Model;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;

/**
 * {@code ApiModel}: every class that has fields, by its name and all together, and every message.
 */
final class ModelSource {
  private final Model model;

  ModelSource(Model model) {
    this.model = model;
  }

  void write(BiConsumer<String, TypeSpec> out) {
    List<CodeBlock> classes =
        model.classes().stream()
            .filter(c -> !c.fields().isEmpty())
            .map(c -> CodeBlock.of("$T.API_CLASS", JavaNames.fields(c.name())))
            .toList();
    List<CodeBlock> families =
        Family.of(model).stream()
            .map(f ->
                CodeBlock.of("$T.Specs.ALL.stream()", ClassName.get(JavaNames.MESSAGES, f.name())))
            .toList();
    ParameterizedTypeName anyClass =
        ParameterizedTypeName.get(
            JavaNames.api("ApiClass"), WildcardTypeName.subtypeOf(JavaNames.api("ApiRecord")));
    TypeSpec.Builder type =
        TypeSpec.classBuilder("ApiModel")
            .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
            .addJavadoc("Everything that the model holds.")
            .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build())
            .addField(
                FieldSpec.builder(
                        ParameterizedTypeName.get(ClassName.get(List.class), anyClass),
                        "CLASSES",
                        Modifier.PUBLIC,
                        Modifier.STATIC,
                        Modifier.FINAL)
                    .addJavadoc("The classes that have fields, in the reference's order.")
                    .initializer("$T.of($L)", List.class, CodeBlock.join(classes, ",\n"))
                    .build())
            .addField(
                FieldSpec.builder(
                        ParameterizedTypeName.get(
                            ClassName.get(List.class), JavaNames.api("MessageSpec")),
                        "MESSAGES",
                        Modifier.PUBLIC,
                        Modifier.STATIC,
                        Modifier.FINAL)
                    .addJavadoc("The messages that handlers take, in the reference's order.")
                    .initializer(
                        "$T.of(\n$L)\n.flatMap(s -> s).toList()",
                        Stream.class,
                        CodeBlock.join(families, ",\n"))
                    .build());
    model.classes().stream()
        .filter(c -> !c.fields().isEmpty())
        .forEach(c -> type.addField(constant(c.name())));
    out.accept(JavaNames.API, type.build());
  }

  private static FieldSpec constant(String apiClass) {
    return FieldSpec.builder(
            ParameterizedTypeName.get(JavaNames.api("ApiClass"), JavaNames.record(apiClass)),
            JavaNames.constant(apiClass),
            Modifier.PUBLIC,
            Modifier.STATIC,
            Modifier.FINAL)
        .initializer("$T.API_CLASS", JavaNames.fields(apiClass))
        .build();
  }
}
