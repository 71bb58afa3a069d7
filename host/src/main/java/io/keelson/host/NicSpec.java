package io.keelson.host;

/**
 * A network card of a machine.
 *
 * @param device its number (VIF device)
 * @param mac colon-separated, lower case
 * @param mtu bytes
 * @param attachment how it is connected, as {@link Network#attach} said
 */
public record NicSpec(int device, String mac, int mtu, NicAttachment attachment) {}
