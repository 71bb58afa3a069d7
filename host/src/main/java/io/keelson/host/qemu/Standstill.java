package io.keelson.host.qemu;

/**
 * A domain's processors, stopped until this is closed; those that stood already stay so.
 *
 * @param ran whether they have to go on afterwards
 */
record Standstill(LiveDomain domain, boolean ran) implements AutoCloseable {

  /** Stops the processors; to be called exclusively, as closing is. */
  static Standstill of(LiveDomain domain) {
    boolean ran = domain.run() == LiveDomain.Run.RUNNING;
    if (ran) {
      domain.execute("stop");
      domain.run(LiveDomain.Run.PAUSED);
    }
    return new Standstill(domain, ran);
  }

  /** Lets processors run on that were stopped. */
  @Override
  public void close() {
    if (ran && domain.run() == LiveDomain.Run.PAUSED) {
      domain.run(LiveDomain.Run.RUNNING);
      domain.execute("cont");
    }
  }
}
