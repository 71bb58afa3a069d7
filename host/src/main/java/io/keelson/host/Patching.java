package io.keelson.host;

import io.keelson.host.DriverException.Reason;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/**
 * Runs the programs of patches on hosts. What a patch changes must not be left half done, so that a
 * run goes on whatever becomes of this process, and is found again by its folder.
 */
public interface Patching {
  /** Of hosts that cannot be patched. */
  Patching NONE =
      new Patching() {
        @Override
        public Ended precheck(UUID host, Path folder, Map<String, String> environment) {
          throw new DriverException(Reason.UNSUPPORTED, "the host is not one that can be patched");
        }

        @Override
        public void apply(UUID host, Path folder, Map<String, String> environment) {
          throw new DriverException(Reason.UNSUPPORTED, "the host is not one that can be patched");
        }

        @Override
        public State state(UUID host, Path folder) {
          return new Lost();
        }

        @Override
        public Over await(UUID host, Path folder) {
          return new Lost();
        }
      };

  /** How far a run is. */
  sealed interface State {}

  /** Its program runs. */
  record Running() implements State {}

  /** Its program runs no more. */
  sealed interface Over extends State {}

  /**
   * Its program has ended.
   *
   * @param exit its exit code; 124 when it had to be ended after its time
   * @param output what it said, the start of it
   */
  record Ended(int exit, String output) implements Over {}

  /** Its program is gone, and nobody saw the end of it: the machine was turned off. */
  record Lost() implements Over {}

  /**
   * Runs the file {@code precheck} of a folder to its end.
   *
   * @param environment variables
   */
  Ended precheck(UUID host, Path folder, Map<String, String> environment);

  /**
   * Begins to run the file {@code apply} of a folder, in which {@link #state} finds it from then
   * on.
   *
   * @param environment variables
   */
  void apply(UUID host, Path folder, Map<String, String> environment);

  /** How far the run of a folder is. */
  State state(UUID host, Path folder);

  /**
   * Waits until the run of a folder is over.
   *
   * @throws DriverException CANCELLED when the thread is interrupted; the run goes on
   */
  Over await(UUID host, Path folder);
}
