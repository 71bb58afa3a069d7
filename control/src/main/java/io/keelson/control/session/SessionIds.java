package io.keelson.control.session;

import io.keelson.api.Ref;
import io.keelson.api.model.Session;
import java.security.SecureRandom;
import java.util.UUID;

/** References of sessions. To know one is to be logged in, so all of their 128 bits are random. */
final class SessionIds {
  private final SecureRandom random = new SecureRandom();

  Ref<Session> next() {
    return Ref.of("OpaqueRef:" + new UUID(random.nextLong(), random.nextLong()));
  }
}
