package io.keelson.conformance.rpc;

/** The formats that clients use today. */
public enum Format {
  JSON_RPC("json"),
  XML_RPC("xml");

  private final String text;

  Format(String text) {
    this.text = text;
  }

  /** What options and reports call it. */
  public String text() {
    return text;
  }
}
