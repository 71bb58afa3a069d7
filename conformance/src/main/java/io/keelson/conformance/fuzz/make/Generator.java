package io.keelson.conformance.fuzz.make;

import io.keelson.conformance.surface.Surface;
import java.util.List;

/** The requests of a seed: each number stands for one, or for a few in a row. */
public final class Generator {
  private final long seed;
  private final Calls calls;
  private final FileCases files;
  private final Sequences sequences;

  public Generator(Surface surface, long seed) {
    this.seed = seed;
    this.calls = new Calls(surface);
    this.files = new FileCases(surface, new Samples());
    this.sequences = new Sequences(surface, calls);
  }

  /** What a number stands for, the same each time. */
  public List<Request> of(long number) {
    Dice dice = new Dice(seed, number);
    int kind = dice.below(1000);
    if (kind < 560) {
      return List.of(calls.any(dice));
    }
    if (kind < 760) {
      return List.of(mangled(calls.any(dice), dice));
    }
    if (kind < 880) {
      return List.of(HttpCases.any(dice));
    }
    if (kind < 960) {
      return List.of(files.any(dice));
    }
    return sequences.any(dice);
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
