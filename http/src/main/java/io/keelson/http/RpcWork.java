package io.keelson.http;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.wire.Encoded;
import io.keelson.wire.JsonCall;
import io.keelson.wire.JsonEnvelope;
import io.keelson.wire.JsonReplies;
import io.keelson.wire.JsonRequests;
import io.keelson.wire.RpcRequest;
import io.keelson.wire.WireException;
import io.keelson.wire.XmlReplies;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call from body to reply: reads it, makes it, writes and compresses what it returned. Runs on
 * a virtual thread of its own.
 */
final class RpcWork {
  private static final Logger LOG = LoggerFactory.getLogger(RpcWork.class);

  private static final Map<String, String> XML = headers("text/xml", Compression.NONE);
  private static final Map<String, String> JSON = headers("application/json", Compression.NONE);

  private final Edge edge;
  private final boolean json;
  private final byte[] body;
  private final Peer peer;
  private final Compression compression;
  private final Waiting waiting;

  RpcWork(
      Edge edge, boolean json, byte[] body, Peer peer, Compression compression, Waiting waiting) {
    this.edge = edge;
    this.json = json;
    this.body = body;
    this.peer = peer;
    this.compression = compression;
    this.waiting = waiting;
  }

  Response run() {
    Encoded reply = json ? json() : xml();
    if (compression == Compression.NONE || reply.length() < edge.limits().compressFrom()) {
      return new Response(200, json ? JSON : XML, reply, false);
    }
    return new Response(
        200,
        headers(json ? "application/json" : "text/xml", compression),
        compression.compress(reply),
        false);
  }

  private Encoded xml() {
    edge.counters().xmlCalls.increment();
    RpcRequest request;
    try {
      request = edge.xml().read(body);
    } catch (WireException problem) {
      edge.counters().unreadableCalls.increment();
      return XmlReplies.unreadable(problem);
    }
    return switch (call(request)) {
      case RpcOutcome.Answer(var reply) -> XmlReplies.success(reply);
      case RpcOutcome.BareAnswer(var reply) -> XmlReplies.bare(reply);
      case RpcOutcome.Failure(var description) -> XmlReplies.failure(description);
    };
  }

  private Encoded json() {
    JsonRequests requests;
    try {
      requests = edge.json().read(body);
    } catch (WireException problem) {
      edge.counters().unreadableCalls.increment();
      return JsonReplies.unreadable(JsonEnvelope.UNKNOWN, problem);
    }
    return switch (requests) {
      case JsonRequests.Single(var call) -> json(call);
      case JsonRequests.Batch(var calls) -> {
        List<Encoded> replies = new ArrayList<>(calls.size());
        calls.forEach(call -> replies.add(json(call)));
        yield JsonReplies.batch(replies);
      }
    };
  }

  private Encoded json(JsonCall call) {
    edge.counters().jsonCalls.increment();
    return switch (call) {
      case JsonCall.Refused(var envelope, var problem) -> {
        edge.counters().unreadableCalls.increment();
        yield JsonReplies.unreadable(envelope, problem);
      }
      case JsonCall.Valid(var envelope, var request) ->
          switch (call(request)) {
            case RpcOutcome.Answer(var reply) -> JsonReplies.success(envelope, reply);
            case RpcOutcome.BareAnswer(var reply) -> JsonReplies.success(envelope, reply);
            case RpcOutcome.Failure(var description) -> JsonReplies.failure(envelope, description);
          };
    };
  }

  private RpcOutcome call(RpcRequest request) {
    RpcOutcome outcome;
    if (edge.rpc().waits(request.method())) {
      outcome = wait(request);
    } else {
      long start = System.nanoTime();
      outcome = make(request);
      edge.counters().callNanos.add(System.nanoTime() - start);
    }
    if (outcome instanceof RpcOutcome.Failure) {
      edge.counters().failedCalls.increment();
    }
    return outcome;
  }

  private RpcOutcome wait(RpcRequest request) {
    if (!waiting.begin()) {
      throw new AbandonedException();
    }
    edge.counters().waitingCalls.increment();
    try {
      return make(request);
    } finally {
      edge.counters().waitingCalls.decrement();
      waiting.end();
    }
  }

  private RpcOutcome make(RpcRequest request) {
    try {
      return edge.rpc().call(request, peer);
    } catch (ApiError error) {
      return new RpcOutcome.Failure(error);
    } catch (RuntimeException | StackOverflowError bug) {
      if (waiting.isAbandoned()) {
        throw new AbandonedException();
      }
      LOG.error("A call failed in a way it should not: {}", printable(request.method()), bug);
      return new RpcOutcome.Failure(ApiErrors.internalError(List.of("See the server's log.")));
    }
  }

  /** A method's name as a log may show it, whatever the client put in it. */
  private static String printable(String method) {
    String start = method.substring(0, Math.min(method.length(), 100));
    return start.replaceAll("[^A-Za-z0-9_.]", "?");
  }

  private static Map<String, String> headers(String contentType, Compression compression) {
    Map<String, String> usual =
        Map.of(
            "content-type",
            contentType,
            "cache-control",
            "no-cache, no-store",
            "Access-Control-Allow-Origin",
            "*",
            "Access-Control-Allow-Headers",
            "X-Requested-With");
    if (compression == Compression.NONE) {
      return usual;
    }
    var more = new LinkedHashMap<>(usual);
    more.put("content-encoding", compression.coding());
    more.put("vary", "accept-encoding");
    return Map.copyOf(more);
  }
}
