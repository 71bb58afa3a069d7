package io.keelson.bench;

/** A program that does nothing: what a JVM takes by itself. */
final class Bare {
  private Bare() {}

  public static void main(String[] args) {}
}
