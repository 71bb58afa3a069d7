package io.keelson.codegen;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeSpec;
import io.keelson.model.ErrorFacts;
import io.keelson.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import javax.lang.model.element.Modifier;

/** The enum of error codes, and a method for each that makes the error with its parameters. */
final class ErrorSource {
  private static final ClassName CODE = JavaNames.api("ErrorCode");
  private static final ClassName ERROR = JavaNames.api("ApiError");
  private static final ParameterizedTypeName TEXTS =
      ParameterizedTypeName.get(List.class, String.class);

  private final Model model;

  ErrorSource(Model model) {
    this.model = model;
  }

  void write(BiConsumer<String, TypeSpec> out) {
    out.accept(JavaNames.API, codes());
    out.accept(JavaNames.API, factories());
  }

  private TypeSpec codes() {
    TypeSpec.Builder type =
        TypeSpec.enumBuilder(CODE).addModifiers(Modifier.PUBLIC).addJavadoc("Every error code.");
    for (ErrorFacts error : model.errors()) {
      type.addEnumConstant(
          error.code(),
          TypeSpec.anonymousClassBuilder(
                  "$S, $S, $S, $L", error.wireText(), error.summary(), next(error), names(error))
              .addJavadoc("$L", error.summary())
              .build());
    }
    return type.addField(String.class, "text", Modifier.PRIVATE, Modifier.FINAL)
        .addField(String.class, "sentence", Modifier.PRIVATE, Modifier.FINAL)
        .addField(String.class, "nextStep", Modifier.PRIVATE, Modifier.FINAL)
        .addField(TEXTS, "parameters", Modifier.PRIVATE, Modifier.FINAL)
        .addMethod(
            MethodSpec.constructorBuilder()
                .addParameter(String.class, "text")
                .addParameter(String.class, "sentence")
                .addParameter(String.class, "nextStep")
                .addParameter(TEXTS, "parameters")
                .addStatement("this.text = text")
                .addStatement("this.sentence = sentence")
                .addStatement("this.nextStep = nextStep")
                .addStatement("this.parameters = parameters")
                .build())
        .addMethod(
            MethodSpec.methodBuilder("text")
                .addJavadoc("The code as the wire spells it.")
                .addModifiers(Modifier.PUBLIC)
                .returns(String.class)
                .addStatement("return text")
                .build())
        .addMethod(
            MethodSpec.methodBuilder("sentence")
                .addJavadoc("What it means, for people.")
                .addModifiers(Modifier.PUBLIC)
                .returns(String.class)
                .addStatement("return sentence")
                .build())
        .addMethod(
            MethodSpec.methodBuilder("nextStep")
                .addJavadoc("What to do about it, for people: one sentence.")
                .addModifiers(Modifier.PUBLIC)
                .returns(String.class)
                .addStatement("return nextStep")
                .build())
        .addMethod(
            MethodSpec.methodBuilder("parameters")
                .addJavadoc("The names of its parameters; the last may end in {@code ...}.")
                .addModifiers(Modifier.PUBLIC)
                .returns(TEXTS)
                .addStatement("return parameters")
                .build())
        .build();
  }

  /** Nobody is left alone with an error. */
  private static String next(ErrorFacts error) {
    if (!error.next().endsWith(".")) {
      throw new IllegalStateException(error.code() + " does not say what to do next");
    }
    return error.next();
  }

  private static CodeBlock names(ErrorFacts error) {
    return CodeBlock.of(
        "$T.of($L)",
        List.class,
        error.params().stream()
            .map(name -> CodeBlock.of("$S", name))
            .collect(CodeBlock.joining(", ")));
  }

  private TypeSpec factories() {
    TypeSpec.Builder type =
        TypeSpec.classBuilder(JavaNames.api("ApiErrors"))
            .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
            .addJavadoc("Makes each error with its parameters, in the documented order.")
            .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build());
    for (ErrorFacts error : model.errors()) {
      MethodSpec.Builder method =
          MethodSpec.methodBuilder(JavaNames.member(error.code()))
              .addJavadoc("$L", error.summary())
              .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
              .returns(ERROR);
      List<CodeBlock> arguments = new ArrayList<>();
      boolean many = false;
      for (String param : error.params()) {
        many = param.endsWith("...");
        String name = JavaNames.member(many ? param.substring(0, param.length() - 3) : param);
        method.addParameter(many ? TEXTS : ClassName.get(String.class), name);
        arguments.add(CodeBlock.of("$N", name));
      }
      CodeBlock list =
          many
              ? arguments.getFirst()
              : CodeBlock.of("$T.of($L)", List.class, CodeBlock.join(arguments, ", "));
      type.addMethod(
          method.addStatement("return new $T($T.$L, $L)", ERROR, CODE, error.code(), list).build());
    }
    return type.build();
  }
}
