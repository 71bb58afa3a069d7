package io.keelson.host.sim;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Tpms;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** TPMs of which each remembers one secret, made when its machine first starts. */
final class SimulatedTpms implements Tpms {
  private static final int SECRET_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final ConcurrentHashMap<UUID, byte[]> secrets = new ConcurrentHashMap<>();

  void used(UUID tpm) {
    secrets.computeIfAbsent(
        tpm,
        _ -> {
          byte[] secret = new byte[SECRET_BYTES];
          RANDOM.nextBytes(secret);
          return secret;
        });
  }

  @Override
  public void require() {}

  @Override
  public Set<UUID> all() {
    return Set.copyOf(secrets.keySet());
  }

  @Override
  public Optional<byte[]> read(UUID tpm) {
    return Optional.ofNullable(secrets.get(tpm)).map(byte[]::clone);
  }

  @Override
  public void write(UUID tpm, byte[] state) {
    if (state.length != SECRET_BYTES) {
      throw new DriverException(Reason.INVALID, "this is not what a TPM remembers");
    }
    secrets.put(tpm, state.clone());
  }

  @Override
  public void remove(UUID tpm) {
    secrets.remove(tpm);
  }
}
