package io.keelson.control.console;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.ConsoleProtocol;
import io.keelson.api.model.Host;
import io.keelson.api.model.Session;
import io.keelson.control.console.ConsoleAnswer.Granted;
import io.keelson.control.console.ConsoleAnswer.Refused;
import io.keelson.control.console.ConsoleAnswer.Why;
import io.keelson.control.gate.HttpAction;
import io.keelson.control.session.SessionEnds;
import io.keelson.control.session.Sessions;
import io.keelson.host.Compute;
import io.keelson.host.Consoles;
import io.keelson.host.Domain;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Picture;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consoles that clients name, as far as they may have them. A host's own console needs a role
 * above that for VMs.
 */
public final class ConsoleAccess {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleAccess.class);

  private final Store store;
  private final Compute compute;
  private final Sessions sessions;

  public ConsoleAccess(Store store, Compute compute, Sessions sessions) {
    this.store = store;
    this.compute = compute;
    this.sessions = sessions;
  }

  /**
   * Where a console can be reached.
   *
   * @param vm whose console it is
   * @param domid of the run that it belongs to
   * @param socket unix socket on the host
   */
  public record Line(UUID vm, long domid, ConsoleProtocol protocol, Path socket) {}

  /**
   * How a request names a console.
   *
   * @param byUuid whether the text is a uuid; else a reference
   */
  public record Wanted(String text, boolean byUuid) {}

  /** The line to a console. */
  public ConsoleAnswer<Line> line(Wanted wanted, Ref<Session> caller) {
    return found(wanted, caller, this::line);
  }

  /** What a VM's screen shows. */
  public ConsoleAnswer<Picture> picture(Wanted wanted, Ref<Session> caller) {
    return found(wanted, caller, this::picture);
  }

  /** Has a console's line cut when the session ends that it was opened in. */
  public SessionEnds.Watch whenEnds(Ref<Session> caller, Runnable cut) {
    return sessions.whenEnds(caller, cut);
  }

  private <T> ConsoleAnswer<T> found(
      Wanted wanted, Ref<Session> caller, Function<Place, ConsoleAnswer<T>> then) {
    Snapshot state = store.snapshot();
    Optional<ConsoleName> name =
        wanted.byUuid()
            ? ConsoleName.byUuid(state, wanted.text())
            : ConsoleName.byRef(state, wanted.text());
    if (name.isEmpty()) {
      return new Refused<>(Why.UNKNOWN);
    }
    if (name.get().vm().isControlDomain()) {
      return new Refused<>(mayUseHosts(caller) ? Why.NOT_OFFERED : Why.FORBIDDEN);
    }
    Optional<Host> host = state.find(ApiModel.HOST, name.get().vm().residentOn());
    return host.map(h -> new Place(UUID.fromString(h.uuid()), name.get()))
        .map(then)
        .orElseGet(() -> new Refused<>(Why.NOT_RUNNING));
  }

  /** A console with the host that its VM runs on. */
  private record Place(UUID host, ConsoleName name) {
    UUID vm() {
      return UUID.fromString(name.vm().uuid());
    }
  }

  private boolean mayUseHosts(Ref<Session> caller) {
    String permission = HttpAction.CONNECT_HOST_CONSOLE.permission();
    return sessions.find(caller).filter(s -> s.rights().include(permission)).isPresent();
  }

  private ConsoleAnswer<Line> line(Place place) {
    ConsoleProtocol protocol = place.name().protocol();
    Optional<Domain> domain = compute.find(place.host(), place.vm());
    return domain
        .flatMap(d ->
            socket(protocol, d.consoles()).map(path -> new Line(d.vm(), d.domid(), protocol, path)))
        .<ConsoleAnswer<Line>>map(Granted::new)
        .orElseGet(() -> new Refused<>(Why.NOT_RUNNING));
  }

  private ConsoleAnswer<Picture> picture(Place place) {
    boolean shows =
        switch (place.name().protocol()) {
          case RFB -> true;
          case VT100, RDP -> false;
        };
    if (!shows) {
      return new Refused<>(Why.NOT_RUNNING);
    }
    try {
      return new Granted<>(compute.picture(place.host(), place.vm()));
    } catch (DriverException e) {
      if (e.reason() == Reason.NOT_FOUND || e.reason() == Reason.UNSUPPORTED) {
        return new Refused<>(Why.NOT_RUNNING);
      }
      LOG.warn("The screen of {} cannot be shown", place.vm(), e);
      return new Refused<>(Why.FAILED);
    }
  }

  private static Optional<Path> socket(ConsoleProtocol protocol, Consoles consoles) {
    return switch (protocol) {
      case RFB -> consoles.screen();
      case VT100 -> consoles.serial();
      case RDP -> Optional.empty();
    };
  }
}
