package io.keelson.server;

import io.keelson.control.host.Agent;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the server, and runs it anew when an administrator asks for that: in the same process and at
 * the same addresses, so that whoever watches the process sees nothing.
 */
final class ServerRuns {
  private static final Logger LOG = LoggerFactory.getLogger(ServerRuns.class);

  private final Environment environment;
  private final BlockingQueue<Agent.End> wishes = new LinkedBlockingQueue<>();
  private ServeOptions options;
  private Optional<KeelsonServer> server = Optional.empty();
  private boolean ended;

  ServerRuns(ServeOptions options, Environment environment) {
    this.options = options;
    this.environment = environment;
  }

  /** Serves until it is to end. */
  void run() throws IOException, InterruptedException {
    while (begin()) {
      Agent.End wish = wishes.take();
      LOG.info("{} in {} s, as the API was asked", wish, environment.agentPause().toSeconds());
      Thread.sleep(environment.agentPause());
      switch (wish) {
        case RESTART -> endRun();
        case SHUTDOWN -> end();
      }
      wishes.clear();
    }
  }

  private synchronized boolean begin() throws IOException {
    if (!ended) {
      KeelsonServer started = KeelsonServer.start(options, environment, wishes::add);
      options = options.at(started.listen(), started.tlsListen());
      server = Optional.of(started);
    }
    return !ended;
  }

  private synchronized void endRun() {
    server.ifPresent(KeelsonServer::close);
    server = Optional.empty();
  }

  /** Ends the server for good, from whatever thread. */
  synchronized void end() {
    ended = true;
    endRun();
  }
}
