package io.keelson.cli.record;

import io.keelson.api.Ref;
import io.keelson.api.Type;
import io.keelson.api.Value;
import io.keelson.cli.call.Api;
import io.keelson.cli.call.CommandException;
import io.keelson.cli.call.Values;

/** What texts of the command line mean as values of the API's types; uuids as references. */
public final class FieldInput {
  private FieldInput() {}

  /**
   * @param name of the parameter, for what the user reads
   * @throws CommandException for a text that is no value of the type
   */
  static Value of(Type<?> type, String name, String text, Api api) {
    return switch (type) {
      case Type.Text _, Type.Enumeration<?> _, Type.Moment _ -> new Value.Text(text);
      case Type.Whole _ -> new Value.Whole(whole(name, text));
      case Type.Real _ -> new Value.Real(real(name, text));
      case Type.Flag _ -> new Value.Flag(flag(name, text));
      case Type.Reference<?>(String apiClass) ->
          text.isEmpty()
              ? new Value.Text(Ref.none().text())
              : new Value.Text(Values.text(api.call(apiClass + ".get_by_uuid", text)));
      case Type.LocalMoment _,
          Type.Outgoing<?> _,
          Type.AnySet<?, ?> _,
          Type.MapOf<?, ?> _,
          Type.RecordOf<?> _ ->
          throw new IllegalStateException("not written as one text: " + type);
    };
  }

  /**
   * A whole number.
   *
   * @param name of the parameter, for what the user reads
   * @throws CommandException for a text that is none
   */
  public static long whole(String name, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw CommandException.failed(
          "Failed to parse parameter '" + name + "': expecting an integer");
    }
  }

  private static double real(String name, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException _) {
      throw CommandException.failed("Parameter " + name + " must be a floating-point number");
    }
  }

  private static boolean flag(String name, String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw CommandException.failed(
              "Failed to parse parameter '" + name + "': expecting a boolean (true or false)");
    };
  }
}
