package io.keelson.conformance.fuzz.make;

import io.keelson.conformance.surface.Role;
import io.keelson.conformance.surface.Surface;
import java.util.List;
import java.util.function.Function;

/** The requests of a seed: each number stands for one, or for a few in a row. */
public final class Generator {
  private static final int BY_OTHERS = 40;
  private static final List<Role> ROLES = List.of(Role.values());

  /**
   * Something that a server lets clients do, and how many of all requests are about it.
   *
   * @param share as a part of those of all entrances
   */
  private record Entrance(int share, Function<Dice, List<Request>> requests) {}

  private final long seed;
  private final List<Entrance> entrances;
  private final int shares;

  public Generator(Surface surface, long seed) {
    this.seed = seed;
    Calls calls = new Calls(surface);
    FileCases files = new FileCases(surface, new Samples());
    CommandLines commands = new CommandLines(surface);
    Sequences sequences = new Sequences(surface, calls);
    this.entrances =
        List.of(
            new Entrance(560, dice -> List.of(calls.any(dice))),
            new Entrance(200, dice -> List.of(mangled(calls.any(dice), dice))),
            new Entrance(120, dice -> List.of(HttpCases.any(dice))),
            new Entrance(80, dice -> List.of(files.any(dice))),
            new Entrance(20, dice -> List.of(commands.any(dice))),
            new Entrance(40, sequences::any));
    this.shares = entrances.stream().mapToInt(Entrance::share).sum();
  }

  /** What a number stands for, the same each time. */
  public List<Request> of(long number) {
    Dice dice = new Dice(seed, number);
    List<Request> requests = entrance(dice.below(shares)).requests.apply(dice);
    if (!dice.percent(BY_OTHERS)) {
      return requests;
    }
    Role role = dice.of(ROLES);
    return requests.stream().map(request -> request.by(role)).toList();
  }

  private Entrance entrance(int drawn) {
    int rest = drawn;
    for (Entrance entrance : entrances) {
      rest -= entrance.share;
      if (rest < 0) {
        return entrance;
      }
    }
    throw new IllegalArgumentException("no entrance " + drawn);
  }

  /** A call whose body has something wrong, and whose HTTP is right. */
  private static Request mangled(Request call, Dice dice) {
    int body = call.raw().indexOf("\r\n\r\n") + 4;
    return new Request(
        "mangled " + call.about(),
        call.raw().substring(0, body) + Mangling.of(call.raw().substring(body), dice),
        call.wanted(),
        1);
  }
}
