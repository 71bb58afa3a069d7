package io.keelson.conformance.fuzz.wire;

import io.keelson.conformance.fuzz.make.Filling;
import io.keelson.conformance.fuzz.make.Request;
import io.keelson.conformance.fuzz.make.Wanted;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Sends requests one after the other, and says what is wrong with the answers. */
public final class Client implements AutoCloseable {
  private static final Duration SHORT_PATIENCE = Duration.ofMillis(500);
  private static final String GOT = "got:";
  private static final String NOTHING = "OpaqueRef:NULL";

  private final Connection connection;
  private final Oracle oracle;
  private final Duration patience;
  private final Function<String, Optional<String>> known;

  /**
   * @param door at which it sends them
   * @param known what stands for names in requests, beside what requests before have got
   */
  public Client(
      Door door, Oracle oracle, Duration patience, Function<String, Optional<String>> known) {
    this.connection = new Connection(door);
    this.oracle = oracle;
    this.patience = patience;
    this.known = known;
  }

  /**
   * Sends a request.
   *
   * @param got the references that those before it in its row have got; its own is added
   */
  public Verdict send(Request request, List<String> got) throws IOException {
    List<byte[]> parts =
        request.parts().stream()
            .map(part -> Filling.bytes(part, name -> known(name, got)))
            .toList();
    Duration longest = request.mayWait() ? SHORT_PATIENCE : patience;
    Verdict verdict =
        oracle.of(
            request,
            request.wanted() == Wanted.THIN
                ? connection.converse(parts, longest)
                : connection.exchange(
                    parts.getFirst(), request.wanted(), request.replies(), longest));
    got.add(verdict.reference().orElse(NOTHING));
    return verdict;
  }

  private Optional<String> known(String name, List<String> got) {
    if (!name.startsWith(GOT)) {
      return known.apply(name);
    }
    String number = name.substring(GOT.length());
    int index = number.matches("\\d{1,3}") ? Integer.parseInt(number) : got.size();
    return Optional.of(index < got.size() ? got.get(index) : NOTHING);
  }

  @Override
  public void close() {
    connection.close();
  }
}
