package io.keelson.host.machine;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Power.MagicPacket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.util.HexFormat;

/** Wakes a machine by the frame that network cards listen for while the rest is off. */
final class WakeOnLan {
  private static final int TIMES = 16;

  private WakeOnLan() {}

  static void send(MagicPacket packet) {
    byte[] payload = payload(packet.mac());
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setBroadcast(true);
      socket.send(new DatagramPacket(payload, payload.length, packet.to()));
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "the wake-up could not be sent: " + e, e);
    }
  }

  /** Six bytes of ones, then the card's address sixteen times. */
  static byte[] payload(String mac) {
    byte[] address = HexFormat.ofDelimiter(":").parseHex(mac);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < address.length; i++) {
      out.write(0xff);
    }
    for (int i = 0; i < TIMES; i++) {
      out.writeBytes(address);
    }
    return out.toByteArray();
  }
}
