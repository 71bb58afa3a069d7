package io.keelson.cli.command;

import io.keelson.api.ApiError;
import io.keelson.api.ErrorCode;
import io.keelson.cli.call.Api;
import java.util.ArrayList;
import java.util.List;

/** What people read of an error of the API: its sentence, and its parameters by name. */
public final class ErrorText {
  private static final String MANY = "...";

  private ErrorText() {}

  public static List<String> lines(ApiError error, Api.Server server) {
    List<String> lines = new ArrayList<>();
    lines.add(error.code().sentence());
    List<String> names = error.code().parameters();
    for (int i = 0; i < error.parameters().size(); i++) {
      String value = error.parameters().get(i);
      lines.add(name(names, i) + ": " + server.describe(value).orElse(value));
    }
    for (int i = error.parameters().size(); i < names.size(); i++) {
      if (!names.get(i).endsWith(MANY)) {
        lines.add(names.get(i) + ": <unknown>");
      }
    }
    return lines;
  }

  /** What people can do about it. */
  public static String nextStep(ErrorCode code) {
    return "next step: " + code.nextStep();
  }

  /** The same in one line: the sentence, and the parameters in brackets. */
  public static String inOneLine(ApiError error, Api.Server server) {
    List<String> lines = lines(error, server);
    return lines.size() == 1
        ? lines.getFirst()
        : lines.getFirst() + " (" + String.join("; ", lines.subList(1, lines.size())) + ")";
  }

  private static String name(List<String> names, int at) {
    if (at < names.size() - 1 || (at < names.size() && !names.getLast().endsWith(MANY))) {
      return names.get(at);
    }
    if (!names.isEmpty() && names.getLast().endsWith(MANY)) {
      return names.getLast().substring(0, names.getLast().length() - MANY.length());
    }
    return "<extra>";
  }
}
