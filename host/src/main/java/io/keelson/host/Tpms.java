package io.keelson.host;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What virtual TPMs remember (keys, counters, what guests have stored), by the uuids of the TPMs. A
 * TPM remembers whether its machine runs or not, until it is removed.
 */
public interface Tpms {

  /** The most that a TPM can remember, bytes. */
  int MOST_BYTES = 1 << 20;

  /** Makes sure that machines can have TPMs here; raises UNSUPPORTED and says what is missing. */
  void require();

  /** The TPMs that remember anything. */
  Set<UUID> all();

  /**
   * All that a TPM remembers, as it stands now if its machine runs; empty for one that has never
   * been used.
   */
  Optional<byte[]> read(UUID tpm);

  /**
   * Makes a TPM that no machine uses remember what {@link #read} gave, complete and on disk. Raises
   * INVALID for anything else, NO_SPACE.
   */
  void write(UUID tpm, byte[] state);

  /** Makes a TPM that no machine uses forget everything; harmless when it remembers nothing. */
  void remove(UUID tpm);
}
