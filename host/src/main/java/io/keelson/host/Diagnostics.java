package io.keelson.host;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What hosts' machines tell when something is wrong with them. */
public interface Diagnostics {

  /**
   * One subject of a report.
   *
   * @param key by which it is asked for
   * @param personal whether names and addresses of people and machines may be in it
   */
  record Subject(String key, boolean personal) {}

  /**
   * The messages of the hypervisor, which here is the kernel. Raises UNSUPPORTED when this process
   * may not read them.
   *
   * @param clear whether later calls are told only what comes then
   */
  String kernelLog(UUID host, boolean clear);

  /**
   * Gives the kernel keys that make it write down its state. Raises INVALID for keys that would do
   * something else, UNSUPPORTED when this process may not.
   */
  void debugKeys(UUID host, String keys);

  /** The subjects that a report can have. */
  List<Subject> subjects(UUID host);

  /** What there is to say about a subject: texts by name. Takes seconds at most. */
  Map<String, String> report(UUID host, String key);
}
