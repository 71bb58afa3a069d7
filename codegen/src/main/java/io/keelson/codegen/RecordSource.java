package io.keelson.codegen;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import com.palantir.javapoet.WildcardTypeName;
import io.keelson.model.ClassFacts;
import io.keelson.model.FieldFacts;
import io.keelson.model.Model;
import io.keelson.model.TypeExpression;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javax.lang.model.element.Modifier;

/** One Java record for each class, with a builder to make a changed one. */
final class RecordSource {
  private final Model model;

  RecordSource(Model model) {
    this.model = model;
  }

  void write(BiConsumer<String, TypeSpec> out) {
    model.classes().stream()
        .filter(c -> !c.fields().isEmpty())
        .forEach(c -> out.accept(JavaNames.RECORDS, source(c)));
  }

  private static TypeSpec source(ClassFacts facts) {
    ClassName self = JavaNames.record(facts.name());
    ClassName builder = self.nestedClass("Builder");
    MethodSpec.Builder components = MethodSpec.constructorBuilder();
    TypeSpec.Builder type =
        TypeSpec.recordBuilder(self)
            .addModifiers(Modifier.PUBLIC)
            .addSuperinterface(JavaNames.api("ApiRecord"))
            .addJavadoc("$L: $L\n", facts.name(), facts.summary());
    for (FieldFacts field : facts.fields()) {
      components.addParameter(javaType(field), JavaNames.member(field.name()));
      type.addJavadoc("\n@param $L $L", JavaNames.member(field.name()), field.summary());
    }
    return type.recordConstructor(components.build())
        .addMethod(
            MethodSpec.methodBuilder("apiClass")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .returns(ParameterizedTypeName.get(JavaNames.api("ApiClass"), self))
                .addStatement("return $T.API_CLASS", JavaNames.fields(facts.name()))
                .build())
        .addMethod(
            MethodSpec.methodBuilder("builder")
                .addJavadoc("A builder with every field at its initial value.")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .returns(builder)
                .addStatement("return new $T()", builder)
                .build())
        .addMethod(toBuilder(facts, builder))
        .addMethod(with(self, builder))
        .addType(builder(facts, self, builder))
        .build();
  }

  private static MethodSpec toBuilder(ClassFacts facts, ClassName builder) {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder("toBuilder")
            .addAnnotation(Override.class)
            .addModifiers(Modifier.PUBLIC)
            .returns(builder)
            .addStatement("$T builder_ = new $T()", builder, builder);
    for (String name : members(facts)) {
      method.addStatement("builder_.$N = $N", name, name);
    }
    return method.addStatement("return builder_").build();
  }

  private static MethodSpec with(ClassName self, ClassName builder) {
    return MethodSpec.methodBuilder("with")
        .addJavadoc("This record with some fields changed.")
        .addModifiers(Modifier.PUBLIC)
        .addParameter(
            ParameterizedTypeName.get(
                ClassName.get(Consumer.class), WildcardTypeName.supertypeOf(builder)),
            "change_")
        .returns(self)
        .addStatement("$T builder_ = toBuilder()", builder)
        .addStatement("change_.accept(builder_)")
        .addStatement("return builder_.build()")
        .build();
  }

  private static TypeSpec builder(ClassFacts facts, ClassName self, ClassName builder) {
    TypeSpec.Builder type =
        TypeSpec.classBuilder(builder)
            .addModifiers(Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
            .addSuperinterface(ParameterizedTypeName.get(JavaNames.api("RecordBuilder"), self))
            .addJavadoc("Builds a {@link $T}.", self)
            .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build());
    for (FieldFacts field : facts.fields()) {
      String name = JavaNames.member(field.name());
      type.addField(
          FieldSpec.builder(javaType(field), name, Modifier.PRIVATE)
              .initializer(initial(field))
              .build());
      type.addMethod(
          MethodSpec.methodBuilder(name)
              .addModifiers(Modifier.PUBLIC)
              .addParameter(ParameterSpec.builder(javaType(field), "value").build())
              .returns(builder)
              .addStatement("this.$N = value", name)
              .addStatement("return this")
              .build());
    }
    List<CodeBlock> arguments = members(facts).stream().map(n -> CodeBlock.of("$N", n)).toList();
    return type.addMethod(
            MethodSpec.methodBuilder("build")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .returns(self)
                .addStatement("return new $T($L)", self, CodeBlock.join(arguments, ", "))
                .build())
        .build();
  }

  static CodeBlock initial(FieldFacts field) {
    TypeExpression type = TypeExpression.parse(field.type());
    return field
        .fallback()
        .map(text -> JavaTypes.fallback(type, text))
        .orElseGet(() -> JavaTypes.zero(type));
  }

  static TypeName javaType(FieldFacts field) {
    return JavaTypes.of(TypeExpression.parse(field.type()));
  }

  private static List<String> members(ClassFacts facts) {
    return facts.fields().stream().map(f -> JavaNames.member(f.name())).toList();
  }
}
