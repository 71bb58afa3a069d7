package io.keelson.codegen;

import com.palantir.javapoet.ClassName;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;

/** How the model's names are spelled in Java. */
final class JavaNames {
  static final String API = "io.keelson.api";
  static final String RECORDS = API + ".model";
  static final String MESSAGES = API + ".messages";

  private JavaNames() {}

  /** {@code VM_guest_metrics} becomes {@code VmGuestMetrics}. */
  static String type(String name) {
    return Arrays.stream(name.split("[^A-Za-z0-9]+"))
        .filter(part -> !part.isEmpty())
        .map(part -> part.substring(0, 1).toUpperCase(Locale.ROOT) + lower(part.substring(1)))
        .collect(Collectors.joining());
  }

  /** {@code VCPUs_max} becomes {@code vcpusMax}; a keyword gets an underscore behind it. */
  static String member(String name) {
    String type = type(name);
    String member = lower(type.substring(0, 1)) + type.substring(1);
    return SourceVersion.isKeyword(member) ? member + "_" : member;
  }

  /** {@code balance-slb} becomes {@code BALANCE_SLB}. */
  static String constant(String name) {
    return name.replaceAll("[^A-Za-z0-9]+", "_").toUpperCase(Locale.ROOT);
  }

  static ClassName record(String apiClass) {
    return ClassName.get(RECORDS, type(apiClass));
  }

  static ClassName fields(String apiClass) {
    return ClassName.get(RECORDS, type(apiClass) + "Fields");
  }

  static ClassName enumeration(String name) {
    return ClassName.get(RECORDS, type(name));
  }

  static ClassName api(String simpleName) {
    return ClassName.get(API, simpleName);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
