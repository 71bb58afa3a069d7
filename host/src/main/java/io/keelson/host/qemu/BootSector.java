package io.keelson.host.qemu;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A guest of 512 bytes, which starts within milliseconds: the driver's trial of the processor, and
 * what tests run as a virtual machine.
 *
 * <p>It writes {@link #READY} to its first serial port and then looks, at each tick of its clock
 * (18 a second), at the power button and the port. The button powers it off. Of what it receives,
 * {@code r} reboots it, {@code p} tells the panic device that it crashed, {@code c} counts in its
 * memory and answers {@code A}, {@code B}, {@code C} and so on, {@code w} writes what it will
 * answer next to its disk, at {@link #noteAt}, and answers {@code w}, {@code d} reads from there
 * and answers with what it finds; the rest it sends back.
 */
public final class BootSector {
  /** What it writes when it is up. */
  public static final String READY = "KEELSON-GUEST-READY";

  private static final int SIZE = 512;
  private static final int LOADED_AT = 0x7c00;
  private static final int READ_TO = 0x7e00;
  private static final int SIGNATURE_AT = 510;

  private static final int SERIAL = 0x3f8;
  private static final int SERIAL_STATUS = 0x3fd;
  private static final int RECEIVED = 0x01;
  private static final int MAY_SEND = 0x20;
  private static final int POWER_STATUS = 0x600;
  private static final int POWER_ENABLE = 0x602;
  private static final int POWER_CONTROL = 0x604;
  private static final int POWER_BUTTON = 0x100;
  private static final int SOFT_OFF = 0x2000;
  private static final int PANIC_DEVICE = 0x505;
  private static final int RESET_CONTROL = 0xcf9;

  private final ByteArrayOutputStream code = new ByteArrayOutputStream();
  private final Map<String, Integer> labels = new HashMap<>();
  private final Map<Integer, String> nearJumps = new HashMap<>();
  private final Map<Integer, Address> addresses = new HashMap<>();

  /** A place in a sector that was loaded to some address. */
  private record Address(String label, int sector) {}

  private BootSector() {}

  /** The sector. */
  public static byte[] bytes() {
    BootSector sector = new BootSector();
    sector.program();
    return sector.link();
  }

  /** Where on its disk the guest notes its counter, bytes. */
  public static int noteAt() {
    BootSector sector = new BootSector();
    sector.program();
    return SIZE + sector.target("counter");
  }

  /** Writes a raw disk of 1 MiB that boots it. */
  public static void writeDisk(Path file) throws IOException {
    try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
      disk.setLength(1 << 20);
      disk.write(bytes());
    }
  }

  private void program() {
    emit(0xfa); // cli
    emit(0x31, 0xc0); // xor ax, ax
    emit(0x8e, 0xd8, 0x8e, 0xd0, 0x8e, 0xc0); // mov ds, ax; mov ss, ax; mov es, ax
    emit(0xbc).word(LOADED_AT); // mov sp, below the code
    emit(0xfb, 0xfc); // sti; cld
    print("ready");
    dx(POWER_ENABLE).ax(POWER_BUTTON).emit(0xef); // out dx, ax

    label("tick");
    emit(0xf4); // hlt, until the clock ticks
    dx(POWER_STATUS).emit(0xed); // in ax, dx
    emit(0xa9).word(POWER_BUTTON); // test ax, button
    jumpIfZero("input");
    dx(POWER_CONTROL).ax(SOFT_OFF).emit(0xef); // out dx, ax

    label("input");
    dx(SERIAL_STATUS).emit(0xec); // in al, dx
    emit(0xa8, RECEIVED); // test al, received
    jumpIfZero("tick");
    dx(SERIAL).emit(0xec); // in al, dx
    whenReceived('r', "reboot");
    whenReceived('p', "panic");
    whenReceived('c', "count");
    whenReceived('w', "note");
    whenReceived('d', "read");
    label("answer");
    call("send");
    jump("input");

    label("reboot");
    dx(RESET_CONTROL).emit(0xb0, 0x06, 0xee); // mov al, full reset; out dx, al
    jump("tick");

    label("panic");
    dx(PANIC_DEVICE).emit(0xb0, 0x01, 0xee); // mov al, panicked; out dx, al
    jump("tick");

    label("count");
    emit(0xa0).address("counter"); // mov al, [counter]
    emit(0xfe, 0x06).address("counter"); // inc byte [counter]
    jump("answer");

    label("note"); // this very sector, with the counter in it, into the disk's second
    emit(0xb9).word(2).dx(0x80); // mov cx, sector; mov dx, first disk
    emit(0xbb).word(LOADED_AT).ax(0x0301).emit(0xcd, 0x13); // mov bx, from; write one; int 0x13
    emit(0xb0, 'w'); // mov al, answer
    jump("answer");

    label("read"); // the disk's second sector, and of it what stands where this has its counter
    emit(0xb9).word(2).dx(0x80); // mov cx, sector; mov dx, first disk
    emit(0xbb).word(READ_TO).ax(0x0201).emit(0xcd, 0x13); // mov bx, to; read one; int 0x13
    emit(0xa0).address("counter", READ_TO); // mov al, [what was read]
    jump("answer");

    label("print"); // the text at si, up to its zero
    emit(0xac); // lodsb
    emit(0xa8, 0xff); // test al, al's bits
    jumpIfZero("printed");
    call("send");
    jump("print");
    label("printed");
    emit(0xc3); // ret

    label("send"); // al
    emit(0x50); // push ax
    label("wait");
    dx(SERIAL_STATUS).emit(0xec); // in al, dx
    emit(0xa8, MAY_SEND); // test al, may send
    jumpIfZero("wait");
    emit(0x58); // pop ax
    dx(SERIAL).emit(0xee); // out dx, al
    emit(0xc3); // ret

    label("counter");
    emit('A');
    label("ready");
    code.writeBytes((READY + "\r\n\0").getBytes(StandardCharsets.US_ASCII));
  }

  private BootSector emit(int... bytes) {
    for (int b : bytes) {
      code.write(b);
    }
    return this;
  }

  private BootSector word(int value) {
    return emit(value & 0xff, value >> 8);
  }

  private BootSector dx(int value) {
    return emit(0xba).word(value);
  }

  private BootSector ax(int value) {
    return emit(0xb8).word(value);
  }

  private void address(String label) {
    address(label, LOADED_AT);
  }

  private void address(String label, int sector) {
    addresses.put(code.size(), new Address(label, sector));
    word(0);
  }

  private void label(String name) {
    labels.put(name, code.size());
  }

  private void print(String label) {
    emit(0xbe).address(label); // mov si, text
    call("print");
  }

  private void whenReceived(int letter, String label) {
    emit(0x3c, letter); // cmp al, letter
    jumpIfZero(label);
  }

  private void jumpIfZero(String label) {
    emit(0x0f, 0x84);
    near(label);
  }

  private void jump(String label) {
    emit(0xe9);
    near(label);
  }

  private void call(String label) {
    emit(0xe8);
    near(label);
  }

  private void near(String label) {
    nearJumps.put(code.size(), label);
    word(0);
  }

  private byte[] link() {
    byte[] sector = new byte[SIZE];
    byte[] program = code.toByteArray();
    if (program.length > SIGNATURE_AT) {
      throw new IllegalStateException("the boot sector has " + program.length + " bytes");
    }
    System.arraycopy(program, 0, sector, 0, program.length);
    nearJumps.forEach((at, label) -> patch(sector, at, target(label) - (at + 2)));
    addresses.forEach((at, to) -> patch(sector, at, to.sector() + target(to.label())));
    patch(sector, SIGNATURE_AT, 0xaa55);
    return sector;
  }

  private int target(String label) {
    Integer at = labels.get(label);
    if (at == null) {
      throw new IllegalStateException("the boot sector lacks " + label);
    }
    return at;
  }

  private static void patch(byte[] sector, int at, int value) {
    sector[at] = (byte) value;
    sector[at + 1] = (byte) (value >> 8);
  }
}
