package io.keelson.api;

/**
 * A message with the code that handles it.
 *
 * @param binder turns arguments into the call of the handler
 */
public record BoundMessage(MessageSpec spec, Binder binder) {

  /** Reads the arguments by their types; nothing is done yet. */
  @FunctionalInterface
  public interface Binder {
    /**
     * @throws ApiError FIELD_TYPE_ERROR or INVALID_VALUE, naming the parameter
     */
    Invocation bind(Arguments arguments);
  }

  /** A message with its arguments, ready to be handled. */
  @FunctionalInterface
  public interface Invocation {
    /**
     * @throws ApiError what the handler raises
     */
    Reply run(Call call);
  }
}
