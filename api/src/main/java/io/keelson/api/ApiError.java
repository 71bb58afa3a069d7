package io.keelson.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A failure that the caller of the API sees: a documented code and its parameters. */
public final class ApiError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final List<String> parameters;

  ApiError(ErrorCode code, List<String> parameters) {
    super(code + " " + parameters, null, false, true);
    this.code = code;
    this.parameters = List.copyOf(parameters);
  }

  /** An error that something else has raised under its code; empty when it is no code of ours. */
  public static Optional<ApiError> relayed(String code, List<String> parameters) {
    return Arrays.stream(ErrorCode.values())
        .filter(known -> known.text().equals(code))
        .map(known -> new ApiError(known, parameters))
        .findFirst();
  }

  public ErrorCode code() {
    return code;
  }

  public List<String> parameters() {
    return parameters;
  }

  /** Code and parameters in one list: ErrorDescription, task.error_info. */
  public List<String> description() {
    var all = new ArrayList<String>(parameters.size() + 1);
    all.add(code.text());
    all.addAll(parameters);
    return List.copyOf(all);
  }
}
