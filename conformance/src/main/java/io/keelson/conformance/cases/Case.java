package io.keelson.conformance.cases;

import io.keelson.conformance.rpc.Format;
import java.util.List;

/**
 * A case: steps that say what a server does with which calls.
 *
 * @param formats in each of which it is run
 * @param contract the numbers that it has in the contract: what clients have relied on for long, by
 *     which one finds in the report that all of it was measured
 * @param roles whether it needs somebody of each role
 */
record Case(
    String name, List<Format> formats, List<Integer> contract, boolean roles, List<Step> steps) {
  /** The messages that its steps call, whether that succeeds or not. */
  List<String> messages() {
    return steps.stream().flatMap(step -> step.method().stream()).distinct().toList();
  }
}
