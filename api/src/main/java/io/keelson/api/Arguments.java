package io.keelson.api;

import java.util.List;

/** The arguments of one call, read one after the other by the types of the parameters. */
public final class Arguments {
  private final List<Value> values;
  private int next;

  /**
   * @param values the session aside
   */
  public Arguments(List<Value> values) {
    this.values = values;
  }

  /** The next argument, or the parameter's fallback when the caller left it off. */
  public <T> T next(Param<T> parameter) {
    int at = next++;
    if (at < values.size()) {
      return parameter.type().read(values.get(at), parameter.name());
    }
    return parameter
        .fallback()
        .orElseThrow(() -> new IllegalStateException("arguments were not counted"));
  }
}
