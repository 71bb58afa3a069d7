package io.keelson.host;

/**
 * What a network card has carried since it is there.
 *
 * @param receivedBytes by the card
 * @param sentBytes by the card
 * @param receiveErrors frames that came damaged or could not be taken
 * @param sendErrors frames that could not be sent
 */
public record Traffic(long receivedBytes, long sentBytes, long receiveErrors, long sendErrors) {

  /** The same wire, seen from its other end. */
  public Traffic otherEnd() {
    return new Traffic(
        /* receivedBytes= */ sentBytes,
        /* sentBytes= */ receivedBytes,
        /* receiveErrors= */ sendErrors,
        /* sendErrors= */ receiveErrors);
  }
}
