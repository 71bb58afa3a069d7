package io.keelson.control;

/**
 * What a subject does before the server serves: settles or undoes the operations that were running
 * when it last ended, and finishes their tasks. What is left pending afterwards fails.
 */
@FunctionalInterface
public interface Recovery {
  void recover();
}
