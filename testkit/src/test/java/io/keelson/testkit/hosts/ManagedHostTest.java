package io.keelson.testkit.hosts;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@link ManagedHost} on a machine of its own. */
class ManagedHostTest {
  @TempDir private Path folder;

  @Test
  void theServerListensWhereItsHostIsManaged() throws IOException, InterruptedException {
    OwnMachine.run(ManagedHost.class, folder);
  }
}
