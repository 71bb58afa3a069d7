package io.keelson.host.sim;

import io.keelson.host.CrashDumps;
import java.io.InputStream;
import java.util.List;
import java.util.UUID;

/** Crash dumps that lie beside the simulation, as the first host's. */
record FirstHostsDumps(SimulatedHosts hosts, CrashDumps dumps) implements CrashDumps {
  @Override
  public List<Dump> list(UUID host) {
    return its(host).list(host);
  }

  @Override
  public List<File> files(UUID host, String dump) {
    return its(host).files(host, dump);
  }

  @Override
  public InputStream open(UUID host, String dump, String file) {
    return its(host).open(host, dump, file);
  }

  @Override
  public void delete(UUID host, String dump) {
    its(host).delete(host, dump);
  }

  private CrashDumps its(UUID host) {
    return hosts.number(host) == 1 ? dumps : CrashDumps.NONE;
  }
}
