package io.keelson.http;

import io.keelson.api.ApiErrors;
import io.keelson.api.EncodedOnce;
import io.keelson.api.Value;
import io.keelson.wire.RpcRequest;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls with every outcome that the edge knows of. */
final class TestEndpoint implements RpcEndpoint {
  /** Larger than any socket's buffers. */
  static final int LARGE = 6 << 20;

  final EncodedOnce large = new EncodedOnce(out -> out.text("x".repeat(LARGE)));
  final CountDownLatch release = new CountDownLatch(1);
  final AtomicInteger waiting = new AtomicInteger();
  final AtomicInteger abandoned = new AtomicInteger();
  final AtomicInteger working = new AtomicInteger();
  final AtomicInteger worked = new AtomicInteger();

  @Override
  public RpcOutcome call(RpcRequest request, Peer peer) {
    return switch (request.method()) {
      case "echo" -> {
        String text = ((Value.Text) request.params().getFirst()).text();
        yield new RpcOutcome.Answer(out -> out.text(text));
      }
      case "peer" ->
          new RpcOutcome.Answer(out ->
              out.text(
                  peer.address()
                      + " "
                      + peer.secure()
                      + " "
                      + peer.userAgent().orElse("-")
                      + " "
                      + peer.subtaskOf().orElse("-")
                      + " "
                      + peer.otherConfig()));
      case "large" -> new RpcOutcome.Answer(out -> out.shared(large));
      case "system.listMethods" ->
          new RpcOutcome.BareAnswer(out -> {
            out.beginSequence();
            out.text("echo");
            out.endSequence();
          });
      case "event.from" -> await(waiting);
      case "work" -> await(working);
      case "raises" -> throw ApiErrors.invalidValue("a", "b");
      case "bug" -> throw new IllegalStateException("<secret>");
      default -> new RpcOutcome.Failure(ApiErrors.messageMethodUnknown(request.method()));
    };
  }

  private RpcOutcome await(AtomicInteger gauge) {
    gauge.incrementAndGet();
    try {
      release.await();
    } catch (InterruptedException e) {
      abandoned.incrementAndGet();
      throw new IllegalStateException(e);
    }
    worked.incrementAndGet();
    return new RpcOutcome.Answer(out -> out.text("released"));
  }
}
