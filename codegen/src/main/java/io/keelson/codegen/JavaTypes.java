package io.keelson.codegen;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import io.keelson.model.TypeExpression;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a type of the model is in Java, and the expression of its {@code Type}. */
final class JavaTypes {
  private static final ClassName TYPE = JavaNames.api("Type");

  private JavaTypes() {}

  /** The Java type, primitive where it can be. */
  static TypeName of(TypeExpression type) {
    return switch (type) {
      case TypeExpression.Simple(String name) ->
          switch (name) {
            case "string" -> ClassName.get(String.class);
            case "int" -> TypeName.LONG;
            case "float" -> TypeName.DOUBLE;
            case "bool" -> TypeName.BOOLEAN;
            case "datetime" -> ClassName.get(Instant.class);
            case "void" -> TypeName.VOID;
            default -> throw new IllegalArgumentException(name);
          };
      case TypeExpression.Reference(String c) ->
          ParameterizedTypeName.get(JavaNames.api("Ref"), JavaNames.record(c));
      case TypeExpression.RecordOf(String c) -> JavaNames.record(c);
      case TypeExpression.Enumeration(String e) -> JavaNames.enumeration(e);
      case TypeExpression.SetOf(TypeExpression member) ->
          ParameterizedTypeName.get(collection(member), of(member).box());
      case TypeExpression.MapOf(TypeExpression key, TypeExpression value) ->
          ParameterizedTypeName.get(ClassName.get(Map.class), of(key).box(), of(value).box());
    };
  }

  /** The expression of the type's {@code Type} object. */
  static CodeBlock expression(TypeExpression type) {
    return switch (type) {
      case TypeExpression.Simple(String name) ->
          CodeBlock.of("$T.$L", JavaNames.api("Types"), JavaNames.constant(name));
      case TypeExpression.Reference(String c) ->
          CodeBlock.of("new $T.Reference<$T>($S)", TYPE, JavaNames.record(c), c);
      case TypeExpression.RecordOf(String c) ->
          CodeBlock.of(
              "new $T.RecordOf<$T>(() -> $T.API_CLASS)",
              TYPE,
              JavaNames.record(c),
              JavaNames.fields(c));
      case TypeExpression.Enumeration(String e) ->
          CodeBlock.of("$T.TYPE", JavaNames.enumeration(e));
      case TypeExpression.SetOf(TypeExpression member) ->
          CodeBlock.of(
              "new $T.$L<>($L)", TYPE, plain(member) ? "ListOf" : "SetOf", expression(member));
      case TypeExpression.MapOf(TypeExpression key, TypeExpression value) ->
          CodeBlock.of("new $T.MapOf<>($L, $L)", TYPE, expression(key), expression(value));
    };
  }

  /** The expression of the value that stands where the model says nothing. */
  static CodeBlock zero(TypeExpression type) {
    return switch (type) {
      case TypeExpression.Simple(String name) ->
          switch (name) {
            case "string" -> CodeBlock.of("$S", "");
            case "int" -> CodeBlock.of("0L");
            case "float" -> CodeBlock.of("0.0");
            case "bool" -> CodeBlock.of("false");
            case "datetime" -> CodeBlock.of("$T.EPOCH", Instant.class);
            default -> throw new IllegalArgumentException(name);
          };
      case TypeExpression.Reference _ -> CodeBlock.of("$T.none()", JavaNames.api("Ref"));
      case TypeExpression.RecordOf(String c) ->
          CodeBlock.of("$T.API_CLASS.blank()", JavaNames.fields(c));
      case TypeExpression.Enumeration(String e) ->
          CodeBlock.of("$T.TYPE.zero()", JavaNames.enumeration(e));
      case TypeExpression.SetOf(TypeExpression member) ->
          CodeBlock.of("$T.of()", collection(member));
      case TypeExpression.MapOf _ -> CodeBlock.of("$T.of()", Map.class);
    };
  }

  /** The expression of a default as the model writes it. */
  static CodeBlock fallback(TypeExpression type, String text) {
    if (text.equals("{}") || text.equals("computed") || text.equals("Null")) {
      return zero(type);
    }
    return switch (type) {
      case TypeExpression.Simple(String name) ->
          switch (name) {
            case "string" -> CodeBlock.of("$S", unquote(text));
            case "int" -> CodeBlock.of("$LL", Long.parseLong(text));
            case "float" -> CodeBlock.of("$L", Double.parseDouble(text));
            case "bool" -> CodeBlock.of("$L", Boolean.parseBoolean(text));
            case "datetime" ->
                CodeBlock.of("$T.parse($S, $S)", JavaNames.api("DateText"), text, "default");
            default -> throw new IllegalArgumentException(name);
          };
      case TypeExpression.Reference _ -> CodeBlock.of("$T.of($S)", JavaNames.api("Ref"), text);
      case TypeExpression.RecordOf _ -> throw new IllegalArgumentException(text);
      case TypeExpression.Enumeration(String e) ->
          CodeBlock.of("$T.$L", JavaNames.enumeration(e), JavaNames.constant(text));
      case TypeExpression.SetOf(TypeExpression member) ->
          CodeBlock.of("$T.of($L)", collection(member), fallback(member, inner(text)));
      case TypeExpression.MapOf(TypeExpression key, TypeExpression value) ->
          entries(key, value, inner(text));
    };
  }

  /** Sets of plain values keep order and equal members; sets of objects are sets. */
  private static ClassName collection(TypeExpression member) {
    return ClassName.get(plain(member) ? List.class : Set.class);
  }

  private static boolean plain(TypeExpression member) {
    return member instanceof TypeExpression.Simple;
  }

  private static CodeBlock entries(TypeExpression key, TypeExpression value, String text) {
    CodeBlock.Builder code = CodeBlock.builder().add("$T.of(", Map.class);
    String separator = "";
    for (String entry : text.split(",")) {
      String[] sides = entry.split("→");
      code.add(
          "$L$L, $L",
          separator,
          fallback(key, sides[0].strip()),
          fallback(value, sides[1].strip()));
      separator = ", ";
    }
    return code.add(")").build();
  }

  private static String inner(String text) {
    return text.substring(1, text.length() - 1);
  }

  private static String unquote(String text) {
    return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"") ? inner(text) : text;
  }
}
