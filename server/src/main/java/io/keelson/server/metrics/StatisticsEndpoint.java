package io.keelson.server.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.api.AccessRole;
import io.keelson.control.metrics.Owner;
import io.keelson.control.metrics.Statistics;
import io.keelson.control.metrics.rrd.Consolidation;
import io.keelson.control.metrics.rrd.RrdDump;
import io.keelson.control.metrics.rrd.RrdQuery;
import io.keelson.control.metrics.rrd.Xport;
import io.keelson.http.HttpAnswer;
import io.keelson.http.HttpCall;
import io.keelson.http.Route;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** GET /rrd_updates, /vm_rrd, /host_rrd and /sr_rrd. */
public final class StatisticsEndpoint {
  private static final String XML_TYPE = "text/xml";
  private static final String JSON_TYPE = "application/json";

  /** Stands for every object of a kind. */
  private static final String ALL = "all";

  private final Statistics statistics;
  private final Supplier<Optional<UUID>> thisHost;

  /**
   * @param thisHost whose archive is meant where none is named
   */
  public StatisticsEndpoint(Statistics statistics, Supplier<Optional<UUID>> thisHost) {
    this.statistics = statistics;
    this.thisHost = thisHost;
  }

  public List<Route> routes() {
    return List.of(
        new Route("GET", "/rrd_updates", "get_rrd_updates", AccessRole.READ_ONLY, this::updates),
        new Route(
            "GET",
            "/vm_rrd",
            "get_vm_rrd",
            AccessRole.READ_ONLY,
            call -> dump(call, Owner.Kind.VM, uuid(call, "uuid"))),
        new Route(
            "GET",
            "/host_rrd",
            "get_host_rrd",
            AccessRole.READ_ONLY,
            call -> dump(call, Owner.Kind.HOST, uuid(call, "uuid").or(thisHost))),
        new Route(
            "GET",
            "/sr_rrd",
            "get_sr_rrd",
            AccessRole.READ_ONLY,
            call -> dump(call, Owner.Kind.SR, uuid(call, "uuid"))));
  }

  private HttpAnswer updates(HttpCall call) {
    Optional<Long> start = whole(call, "start");
    Optional<Long> interval =
        call.query().containsKey("interval") ? whole(call, "interval") : Optional.of(0L);
    if (start.isEmpty()) {
      return refused(400, "start= is needed: seconds since 1970, or before now if negative.");
    }
    if (interval.filter(i -> i >= 0).isEmpty()) {
      return refused(400, "interval= is a number of seconds.");
    }
    String cf = call.query().getOrDefault("cf", "");
    Optional<Consolidation> consolidation =
        Arrays.stream(Consolidation.values()).filter(c -> c.name().equals(cf)).findFirst();
    if (!cf.isEmpty() && consolidation.isEmpty()) {
      return refused(400, "cf= is AVERAGE, MIN or MAX.");
    }
    RrdQuery query = new RrdQuery(start.get(), interval.get(), consolidation);
    Xport rows = statistics.rows(wanted(call), query);
    return wantsJson(call)
        ? answer(JSON_TYPE, XportText.json(rows))
        : answer(XML_TYPE, XportText.xml(rows));
  }

  /** All VMs, or the one that is named; hosts and repositories when they are asked for. */
  private static Predicate<Owner> wanted(HttpCall call) {
    Optional<String> vm = value(call, "vm_uuid").or(() -> value(call, "uuid"));
    Optional<String> sr = value(call, "sr_uuid");
    boolean host = value(call, "host").filter(text -> !text.equals("false")).isPresent();
    return owner ->
        switch (owner.kind()) {
          case HOST -> host;
          case VM -> vm.isEmpty() || names(vm.get(), owner);
          case SR -> sr.isPresent() && names(sr.get(), owner);
        };
  }

  private static boolean names(String wanted, Owner owner) {
    return wanted.equals(ALL) || wanted.equals(owner.uuid().toString());
  }

  private HttpAnswer dump(HttpCall call, Owner.Kind kind, Optional<UUID> uuid) {
    if (uuid.isEmpty()) {
      return refused(400, "Name an object with uuid=.");
    }
    Optional<RrdDump> dump = statistics.dump(new Owner(kind, uuid.get()));
    if (dump.isEmpty()) {
      return refused(404, "Nothing is recorded of it.");
    }
    return wantsJson(call)
        ? answer(JSON_TYPE, DumpJson.of(dump.get()))
        : answer(XML_TYPE, DumpXml.of(dump.get()));
  }

  /** The key alone asks for JSON too. */
  private static boolean wantsJson(HttpCall call) {
    String json = call.query().get("json");
    String accept = call.headers().getOrDefault("accept", "");
    return json == null ? accept.contains(JSON_TYPE) : !json.equals("false");
  }

  private static Optional<String> value(HttpCall call, String name) {
    return Optional.ofNullable(call.query().get(name)).filter(text -> !text.isEmpty());
  }

  private static Optional<Long> whole(HttpCall call, String name) {
    return value(call, name).filter(text -> text.matches("-?\\d{1,15}")).map(Long::valueOf);
  }

  private static Optional<UUID> uuid(HttpCall call, String name) {
    return value(call, name)
        .filter(text -> text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"))
        .map(UUID::fromString);
  }

  private static HttpAnswer answer(String type, String text) {
    return new HttpAnswer.Whole(200, type, text.getBytes(UTF_8));
  }

  private static HttpAnswer refused(int status, String why) {
    return new HttpAnswer.Whole(status, "text/plain; charset=utf-8", (why + "\n").getBytes(UTF_8));
  }
}
