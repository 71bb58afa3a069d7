package io.keelson.codegen;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeSpec;
import io.keelson.model.ClassFacts;
import io.keelson.model.Model;
import java.util.function.BiConsumer;
import javax.lang.model.element.Modifier;

/** One Java enum for each enum of the model. */
final class EnumSource {
  private final Model model;

  EnumSource(Model model) {
    this.model = model;
  }

  void write(BiConsumer<String, TypeSpec> out) {
    for (ClassFacts facts : model.classes()) {
      for (ClassFacts.EnumFacts e : facts.enums()) {
        out.accept(JavaNames.RECORDS, source(facts, e));
      }
    }
  }

  private static TypeSpec source(ClassFacts facts, ClassFacts.EnumFacts e) {
    ClassName self = JavaNames.enumeration(e.name());
    TypeSpec.Builder type =
        TypeSpec.enumBuilder(self)
            .addModifiers(Modifier.PUBLIC)
            .addJavadoc("$L: an enum of class $L.", e.name(), facts.name());
    for (String value : e.values()) {
      type.addEnumConstant(
          JavaNames.constant(value), TypeSpec.anonymousClassBuilder("$S", value).build());
    }
    return type.addField(
            FieldSpec.builder(
                    ParameterizedTypeName.get(JavaNames.api("Type"), self),
                    "TYPE",
                    Modifier.PUBLIC,
                    Modifier.STATIC,
                    Modifier.FINAL)
                .initializer(
                    "new $T.Enumeration<>($L, $T::text, $T::of)",
                    JavaNames.api("Type"),
                    JavaNames.constant(e.values().getFirst()),
                    self,
                    self)
                .build())
        .addField(String.class, "text", Modifier.PRIVATE, Modifier.FINAL)
        .addMethod(
            MethodSpec.constructorBuilder()
                .addParameter(String.class, "text")
                .addStatement("this.text = text")
                .build())
        .addMethod(
            MethodSpec.methodBuilder("text")
                .addJavadoc("The value as the wire spells it.")
                .addModifiers(Modifier.PUBLIC)
                .returns(String.class)
                .addStatement("return text")
                .build())
        .addMethod(
            MethodSpec.methodBuilder("of")
                .addJavadoc("@throws IllegalArgumentException when no value is spelled so")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .addParameter(String.class, "text")
                .returns(self)
                .beginControlFlow("for ($T value : values())", self)
                .beginControlFlow("if (value.text.equals(text))")
                .addStatement("return value")
                .endControlFlow()
                .endControlFlow()
                .addStatement("throw new $T(text)", IllegalArgumentException.class)
                .build())
        .addMethod(
            MethodSpec.methodBuilder("toString")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .returns(String.class)
                .addStatement("return text")
                .build())
        .build();
  }
}
