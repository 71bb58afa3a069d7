package io.keelson.codegen;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeSpec;
import io.keelson.model.ClassFacts;
import io.keelson.model.FieldFacts;
import io.keelson.model.Model;
import io.keelson.model.TypeExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import javax.lang.model.element.Modifier;

/** The {@code Field} constants of each class, and its {@code ApiClass}. */
final class FieldSource {
  private static final ClassName FIELD = JavaNames.api("Field");
  private static final ClassName API_CLASS = JavaNames.api("ApiClass");
  private static final ClassName ROLE = JavaNames.api("AccessRole");

  private final Model model;

  FieldSource(Model model) {
    this.model = model;
  }

  void write(BiConsumer<String, TypeSpec> out) {
    model.classes().stream()
        .filter(c -> !c.fields().isEmpty())
        .forEach(c -> out.accept(JavaNames.RECORDS, source(c)));
  }

  private static TypeSpec source(ClassFacts facts) {
    ClassName record = JavaNames.record(facts.name());
    TypeSpec.Builder type =
        TypeSpec.classBuilder(JavaNames.fields(facts.name()))
            .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
            .addJavadoc("The fields of $L.", facts.name())
            .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build());
    List<CodeBlock> names = new ArrayList<>();
    for (FieldFacts field : facts.fields()) {
      String constant = JavaNames.constant(field.name());
      names.add(CodeBlock.of("$N", constant));
      type.addField(
          FieldSpec.builder(
                  ParameterizedTypeName.get(FIELD, record, RecordSource.javaType(field).box()),
                  constant,
                  Modifier.PUBLIC,
                  Modifier.STATIC,
                  Modifier.FINAL)
              .addJavadoc("$L", field.summary())
              .initializer(field(facts, field, record))
              .build());
    }
    return type.addField(
            FieldSpec.builder(
                    ParameterizedTypeName.get(API_CLASS, record),
                    "API_CLASS",
                    Modifier.PUBLIC,
                    Modifier.STATIC,
                    Modifier.FINAL)
                .addJavadoc("Class $L.", facts.name())
                .initializer(
                    "new $T<>($S, $L, $L, $T.builder().build(), $T.of($L), $L)",
                    API_CLASS,
                    facts.name(),
                    traits(facts.traits()),
                    role(facts.writer()),
                    record,
                    List.class,
                    CodeBlock.join(names, ",\n"),
                    texts(
                        facts.constructor().map(ClassFacts.Constructor::fields).orElse(List.of())))
                .build())
        .build();
  }

  private static CodeBlock field(ClassFacts facts, FieldFacts field, ClassName record) {
    String member = JavaNames.member(field.name());
    return CodeBlock.of(
        "new $T<>($S, $L, $T.Access.$L, $L, $L, $L, $L, $L, $L, $T::$N, (b, v) ->"
            + " (($T) b).$N(v))",
        FIELD,
        field.name(),
        JavaTypes.expression(TypeExpression.parse(field.type())),
        FIELD,
        switch (field.access()) {
          case "read-only" -> "READ_ONLY";
          case "read/write" -> "READ_WRITE";
          case "internal" -> "INTERNAL";
          default -> throw new IllegalArgumentException(field.access());
        },
        field.isVolatile(),
        required(facts, field),
        relation(field.inverseOf()),
        role(field.writer().orElse(facts.writer())),
        keyRoles(field.keyRoles()),
        RecordSource.initial(field),
        record,
        member,
        record.nestedClass("Builder"),
        member);
  }

  /** A set or map that the constructor is not given is empty; anything else must have a default. */
  private static boolean required(ClassFacts facts, FieldFacts field) {
    return field.fallback().isEmpty()
        && !field.type().endsWith(" set")
        && !field.type().endsWith(" map")
        && facts.constructor().filter(c -> c.fields().contains(field.name())).isPresent();
  }

  private static CodeBlock relation(Optional<String> inverseOf) {
    return inverseOf
        .map(text -> {
          int dot = text.indexOf('.');
          return CodeBlock.of(
              "$T.of(new $T.Relation($S, $S))",
              Optional.class,
              FIELD,
              text.substring(0, dot),
              text.substring(dot + 1));
        })
        .orElseGet(() -> CodeBlock.of("$T.empty()", Optional.class));
  }

  private static CodeBlock traits(ClassFacts.Traits traits) {
    List<CodeBlock> named = new ArrayList<>();
    Map.of(
            "UUID", traits.uuid(),
            "NAME_LABEL", traits.nameLabel(),
            "GET_ALL", traits.getAll(),
            "EVENTS", traits.events())
        .entrySet()
        .stream()
        .filter(Map.Entry::getValue)
        .map(Map.Entry::getKey)
        .sorted()
        .forEach(name -> named.add(CodeBlock.of("$T.Trait.$L", API_CLASS, name)));
    return CodeBlock.of("$T.of($L)", Set.class, CodeBlock.join(named, ", "));
  }

  private static CodeBlock role(String text) {
    return CodeBlock.of("$T.$L", ROLE, JavaNames.constant(text));
  }

  private static CodeBlock keyRoles(Map<String, String> roles) {
    List<CodeBlock> entries = new ArrayList<>();
    roles.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> entries.add(CodeBlock.of("$S, $L", e.getKey(), role(e.getValue()))));
    return CodeBlock.of("$T.of($L)", Map.class, CodeBlock.join(entries, ", "));
  }

  private static CodeBlock texts(List<String> texts) {
    List<CodeBlock> quoted = texts.stream().map(t -> CodeBlock.of("$S", t)).toList();
    return CodeBlock.of("$T.of($L)", List.class, CodeBlock.join(quoted, ", "));
  }
}
