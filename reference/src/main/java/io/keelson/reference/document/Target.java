package io.keelson.reference.document;

/**
 * Where a link leads.
 *
 * @param page by its name, without the ending of a file
 * @param anchor of a place on it; empty for all of it
 */
public record Target(String page, String anchor) {
  public static Target of(String page) {
    return new Target(page, "");
  }
}
