package io.keelson.host;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a domain's consoles can be reached: unix sockets on its host.
 *
 * @param serial the first serial port, if the domain has one
 * @param serialLog what the guest has written to the serial port since it started
 * @param screen the RFB (VNC) screen, if the domain has one
 */
public record Consoles(Optional<Path> serial, Optional<Path> serialLog, Optional<Path> screen) {}
