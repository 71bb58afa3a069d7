package io.keelson.testkit.hosts;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@link BusyUplink} on a machine of its own. */
class BusyUplinkTest {
  @TempDir private Path folder;

  @Test
  void whatAnUplinkCarriesIsCounted() throws IOException, InterruptedException {
    OwnMachine.run(BusyUplink.class, folder);
  }
}
