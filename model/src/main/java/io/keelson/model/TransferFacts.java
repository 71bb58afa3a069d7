package io.keelson.model;

import java.util.List;

/**
 * What the model says of a path of HTTP.
 *
 * @param permission as roles have it
 * @param role the least role that may
 */
public record TransferFacts(
    String verb,
    String path,
    String permission,
    String role,
    List<TransferParam> params,
    String summary) {

  public TransferFacts {
    params = params == null ? List.of() : params;
  }

  /** A parameter of the query. */
  public record TransferParam(String name, String summary) {}
}
