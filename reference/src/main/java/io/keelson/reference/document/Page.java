package io.keelson.reference.document;

import java.util.List;

/**
 * A page.
 *
 * @param name of its file, without an ending
 * @param title also its first heading
 * @param kind where it stands in the list of pages
 */
public record Page(String name, String title, Kind kind, List<Block> blocks) {
  /** The page that one begins with. */
  public static final String START = "index";

  /** Kinds of page. */
  public enum Kind {
    GUIDE,
    API_CLASS
  }

  public Page {
    blocks = List.copyOf(blocks);
  }
}
