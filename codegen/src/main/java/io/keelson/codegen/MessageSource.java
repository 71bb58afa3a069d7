package io.keelson.codegen;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import io.keelson.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import javax.lang.model.element.Modifier;

/** One interface for each family of messages, with what the model says of each and its binding. */
final class MessageSource {
  private static final ClassName SPEC = JavaNames.api("MessageSpec");
  private static final ClassName PARAM = JavaNames.api("Param");
  private static final ClassName BOUND = JavaNames.api("BoundMessage");
  private static final ClassName REPLY = JavaNames.api("Reply");

  private final Model model;

  MessageSource(Model model) {
    this.model = model;
  }

  void write(BiConsumer<String, TypeSpec> out) {
    Family.of(model).forEach(family -> out.accept(JavaNames.MESSAGES, source(family)));
  }

  private static TypeSpec source(Family family) {
    ClassName self = ClassName.get(JavaNames.MESSAGES, family.name());
    TypeSpec.Builder type =
        TypeSpec.interfaceBuilder(self)
            .addModifiers(Modifier.PUBLIC)
            .addJavadoc(
                "Messages of class $L: $L.\n",
                family.apiClass(),
                String.join(", ", family.messages().stream().map(FamilyMessage::name).toList()));
    TypeSpec.Builder specs =
        TypeSpec.classBuilder("Specs")
            .addModifiers(Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
            .addJavadoc("What the model says of the messages.")
            .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build());
    List<CodeBlock> all = new ArrayList<>();
    CodeBlock.Builder bindings = CodeBlock.builder();
    for (FamilyMessage message : family.messages()) {
      type.addMethod(method(message));
      message.params().forEach(p -> specs.addField(param(message, p)));
      specs.addField(spec(family, message));
      bindings.add(all.isEmpty() ? "" : ",\n").add(binding(message));
      all.add(CodeBlock.of("$N", message.constant()));
    }
    specs.addField(
        FieldSpec.builder(
                ParameterizedTypeName.get(ClassName.get(List.class), SPEC),
                "ALL",
                Modifier.PUBLIC,
                Modifier.STATIC,
                Modifier.FINAL)
            .initializer("$T.of($L)", List.class, CodeBlock.join(all, ", "))
            .build());
    return type.addMethod(
            MethodSpec.methodBuilder("bind")
                .addJavadoc("The messages with the handler that takes them.")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .addParameter(self, "handler")
                .returns(ParameterizedTypeName.get(ClassName.get(List.class), BOUND))
                .addCode("return $T.of(\n$L);\n", List.class, bindings.build())
                .build())
        .addType(specs.build())
        .build();
  }

  private static MethodSpec method(FamilyMessage message) {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(message.javaName())
            .addModifiers(Modifier.PUBLIC, Modifier.ABSTRACT)
            .addJavadoc("$L", message.summary())
            .addParameter(JavaNames.api("Call"), "call")
            .returns(message.returns());
    if (!message.params().isEmpty() || !message.errors().isEmpty()) {
      method.addJavadoc("\n");
    }
    for (FamilyMessage.Parameter p : message.params()) {
      method.addJavadoc("\n@param $L $L", p.javaName(), p.summary());
      method.addParameter(p.javaType(), p.javaName());
    }
    if (!message.errors().isEmpty()) {
      method.addJavadoc(
          "\n@throws $T $L", JavaNames.api("ApiError"), String.join(", ", message.errors()));
    }
    return method.build();
  }

  private static FieldSpec param(FamilyMessage message, FamilyMessage.Parameter p) {
    return FieldSpec.builder(
            ParameterizedTypeName.get(PARAM, p.javaType().box()),
            message.paramConstant(p),
            Modifier.STATIC,
            Modifier.FINAL)
        .initializer("new $T<>($S, $L, $L)", PARAM, p.name(), p.type(), p.fallback())
        .build();
  }

  private static FieldSpec spec(Family family, FamilyMessage message) {
    List<CodeBlock> params =
        message.params().stream().map(p -> CodeBlock.of("$N", message.paramConstant(p))).toList();
    return FieldSpec.builder(
            SPEC, message.constant(), Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
        .initializer(
            "new $T($S, $S, $T.of($L), $L, $L, $L, $T.Status.$L)",
            SPEC,
            family.apiClass(),
            message.name(),
            List.class,
            CodeBlock.join(params, ", "),
            message.role(),
            message.session(),
            message.async(),
            SPEC,
            message.status())
        .build();
  }

  private static CodeBlock binding(FamilyMessage message) {
    CodeBlock.Builder code =
        CodeBlock.builder().add("new $T(Specs.$N, in -> {$>\n", BOUND, message.constant());
    List<CodeBlock> arguments = new ArrayList<>();
    arguments.add(CodeBlock.of("call"));
    for (FamilyMessage.Parameter p : message.params()) {
      code.addStatement(
          "$T $N = in.next(Specs.$N)", p.javaType(), p.javaName(), message.paramConstant(p));
      arguments.add(CodeBlock.of("$N", p.javaName()));
    }
    CodeBlock call =
        CodeBlock.of("handler.$N($L)", message.javaName(), CodeBlock.join(arguments, ", "));
    if (message.returns().equals(TypeName.VOID)) {
      code.add("return call -> {$>\n")
          .addStatement("$L", call)
          .addStatement("return $T.NOTHING", REPLY)
          .add("$<};\n");
    } else {
      code.addStatement("return call -> $T.of($L, $L)", REPLY, message.resultType(), call);
    }
    return code.add("$<})").build();
  }
}
