package io.keelson.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** Many clients that do one thing over and over for a while, each on its own connection. */
final class Storm {
  private Storm() {}

  /** One thing to do. */
  @FunctionalInterface
  interface Step {
    /**
     * @param client number of the client, from 0
     * @param round how often it was done before
     */
    void run(Peer.Client connection, int client, int round);
  }

  static Rate run(Supplier<Peer.Client> connect, int clients, double seconds, Step step) {
    CyclicBarrier start = new CyclicBarrier(clients);
    try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
      List<Callable<List<Long>>> jobs = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        int client = i;
        jobs.add(() -> {
          try (Peer.Client connection = connect.get()) {
            start.await();
            return loop(connection, client, seconds, step);
          }
        });
      }
      List<Long> all = new ArrayList<>();
      for (Future<List<Long>> job : threads.invokeAll(jobs)) {
        all.addAll(job.get());
      }
      return Rate.of(all, seconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a call failed under load", e.getCause());
    }
  }

  private static List<Long> loop(Peer.Client connection, int client, double seconds, Step step) {
    List<Long> nanos = new ArrayList<>();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    for (int round = 0; System.nanoTime() < end; round++) {
      long begin = System.nanoTime();
      step.run(connection, client, round);
      nanos.add(System.nanoTime() - begin);
    }
    return nanos;
  }

  /**
   * How fast it went.
   *
   * @param perSecond by all clients together
   * @param medianMillis of one call
   * @param p99Millis of one call
   */
  record Rate(double perSecond, double medianMillis, double p99Millis) {
    static Rate of(List<Long> nanos, double seconds) {
      return new Rate(nanos.size() / seconds, percentile(nanos, 50), percentile(nanos, 99));
    }

    static double percentile(List<Long> nanos, int percent) {
      List<Long> sorted = new ArrayList<>(nanos);
      Collections.sort(sorted);
      return sorted.isEmpty()
          ? Double.NaN
          : sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100)) / 1e6;
    }

    @Override
    public String toString() {
      return "%,.0f/s (p50 %.2f ms, p99 %.2f ms)".formatted(perSecond, medianMillis, p99Millis);
    }
  }
}
