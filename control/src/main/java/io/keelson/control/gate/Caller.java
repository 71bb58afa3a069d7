package io.keelson.control.gate;

/**
 * Who is at the other end of a connection.
 *
 * @param peer its address without a port, by which failed log-ins are counted
 */
public record Caller(String peer) {}
