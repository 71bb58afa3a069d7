package io.keelson.codegen;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.TypeName;
import io.keelson.model.ClassFacts;
import io.keelson.model.MessageFacts;
import io.keelson.model.TypeExpression;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;

/** A message of a family, in terms of Java. */
record FamilyMessage(
    String name,
    String summary,
    List<Parameter> params,
    TypeName returns,
    CodeBlock resultType,
    CodeBlock role,
    boolean session,
    boolean async,
    String status,
    List<String> errors) {

  /** A parameter, in terms of Java. */
  record Parameter(
      String name, String summary, TypeName javaType, CodeBlock type, CodeBlock fallback) {
    String javaName() {
      return JavaNames.member(name);
    }
  }

  static FamilyMessage explicit(MessageFacts facts) {
    TypeExpression result = TypeExpression.parse(facts.result());
    TypeName returns = JavaTypes.of(result);
    CodeBlock resultType =
        returns.equals(TypeName.VOID) ? CodeBlock.of("") : JavaTypes.expression(result);
    if (facts.returns().isPresent()) {
      ClassName own = JavaNames.api(facts.returns().get());
      returns = own;
      resultType = CodeBlock.of("$T.TYPE", own);
    } else if (facts.zoneless()) {
      returns = ClassName.get(LocalDateTime.class);
      resultType = CodeBlock.of("$T.LOCAL_DATETIME", JavaNames.api("Types"));
    }
    return new FamilyMessage(
        facts.name(),
        facts.summary(),
        facts.params().stream().map(FamilyMessage::parameter).toList(),
        returns,
        resultType,
        role(facts.role()),
        facts.session().orElse(true),
        facts.async().orElse(true),
        facts.status().map(JavaNames::constant).orElse("CURRENT"),
        facts.errors());
  }

  static FamilyMessage create(ClassFacts facts) {
    TypeExpression record = new TypeExpression.RecordOf(facts.name());
    TypeExpression ref = new TypeExpression.Reference(facts.name());
    return implicit(
        facts,
        "create",
        "Makes an object from the fields given and answers its reference.",
        parameter("args", "The fields to begin with.", record),
        JavaTypes.of(ref),
        JavaTypes.expression(ref));
  }

  static FamilyMessage destroy(ClassFacts facts) {
    return implicit(
        facts,
        "destroy",
        "Destroys the object.",
        parameter("self", "What to destroy.", new TypeExpression.Reference(facts.name())),
        TypeName.VOID,
        CodeBlock.of(""));
  }

  private static FamilyMessage implicit(
      ClassFacts facts,
      String name,
      String summary,
      Parameter parameter,
      TypeName returns,
      CodeBlock resultType) {
    return new FamilyMessage(
        name,
        summary,
        List.of(parameter),
        returns,
        resultType,
        role(facts.writer()),
        true,
        true,
        "CURRENT",
        List.of());
  }

  String javaName() {
    return JavaNames.member(name);
  }

  String constant() {
    return JavaNames.constant(name);
  }

  String paramConstant(Parameter p) {
    return constant() + "__" + JavaNames.constant(p.name());
  }

  private static Parameter parameter(MessageFacts.ParamFacts facts) {
    TypeExpression type = TypeExpression.parse(facts.type());
    CodeBlock fallback =
        facts
            .fallback()
            .map(text -> CodeBlock.of("$T.of($L)", Optional.class, JavaTypes.fallback(type, text)))
            .orElseGet(FamilyMessage::none);
    return new Parameter(
        facts.name(), facts.summary(), JavaTypes.of(type), JavaTypes.expression(type), fallback);
  }

  private static Parameter parameter(String name, String summary, TypeExpression type) {
    return new Parameter(name, summary, JavaTypes.of(type), JavaTypes.expression(type), none());
  }

  private static CodeBlock none() {
    return CodeBlock.of("$T.empty()", Optional.class);
  }

  private static CodeBlock role(String text) {
    return text.equals("undefined")
        ? none()
        : CodeBlock.of(
            "$T.of($T.$L)", Optional.class, JavaNames.api("AccessRole"), JavaNames.constant(text));
  }
}
