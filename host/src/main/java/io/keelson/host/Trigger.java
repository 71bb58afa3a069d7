package io.keelson.host;

/** What a machine can be told through its wires and buttons, whatever its guest is doing. */
public enum Trigger {
  /** The interrupt that no guest can mask. */
  NMI,
  /** The power button; a guest that reacts to it powers off. */
  POWER,
  /** The keyboard's sleep key; what it does is up to the guest. */
  SLEEP,
  /** The reset button; told to the listener as a reboot. */
  RESET
}
