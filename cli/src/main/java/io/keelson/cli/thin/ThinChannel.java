package io.keelson.cli.thin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.cli.thin.Message.Response;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One end of a connection in the thin protocol: a greeting with the version, then frames of a
 * length and a message. Numbers are of 32 bits, little end first; texts have their length before
 * them.
 */
public final class ThinChannel {
  /** The version that both ends must share. */
  public static final int MAJOR = 0;

  /** Since 2 the end at the terminal says now and then that it is still at work. */
  public static final int MINOR = 2;

  private static final byte[] GREETING = "XenSource thin CLI protocol".getBytes(UTF_8);
  private static final int COMMAND = 9;
  private static final int RESPONSE = 10;
  private static final int BLOB = 11;
  private static final int PRINT = 0;
  private static final int LOAD = 1;
  private static final int PROMPT = 3;
  private static final int EXIT = 4;
  private static final int CHUNK = 7;
  private static final int END = 8;
  private static final int HTTP_GET = 12;
  private static final int HTTP_PUT = 13;
  private static final int FAILURE = 14;
  private static final int DEBUG = 15;
  private static final int PRINT_ERROR = 16;
  private static final int HTTP_CONNECT = 17;

  /** A frame holds what one command prints; more than this is no frame. */
  private static final int LONGEST_FRAME = 64 << 20;

  private final InputStream in;
  private final OutputStream out;

  public ThinChannel(InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  /** Says which protocol this end speaks. */
  public void greet() throws IOException {
    ByteBuffer greeting = ByteBuffer.allocate(GREETING.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    out.write(greeting.put(GREETING).putInt(MAJOR).putInt(MINOR).array());
    out.flush();
  }

  /**
   * Hears which protocol the other end speaks.
   *
   * @throws ThinProtocolException when it is another one
   */
  public void awaitGreeting() throws IOException {
    byte[] begin = readFully(GREETING.length);
    if (!Arrays.equals(begin, GREETING)) {
      throw new ThinProtocolException("the other end does not speak the protocol of xe");
    }
    int major = readInt();
    int minor = readInt();
    if (major != MAJOR) {
      throw new ThinProtocolException(
          "the other end has protocol version %d.%d, this one %d.%d"
              .formatted(major, minor, MAJOR, MINOR));
    }
  }

  /** Sends a message; safe for several threads. */
  public synchronized void send(Message message) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    switch (message) {
      case Message.Print(String text) -> texts(frame, COMMAND, PRINT, text);
      case Message.PrintError(String text) -> texts(frame, COMMAND, PRINT_ERROR, text);
      case Message.Debug(String text) -> texts(frame, COMMAND, DEBUG, text);
      case Message.Load(String file) -> texts(frame, COMMAND, LOAD, file);
      case Message.HttpGet(String file, String path) -> texts(frame, COMMAND, HTTP_GET, file, path);
      case Message.HttpPut(String file, String path) -> texts(frame, COMMAND, HTTP_PUT, file, path);
      case Message.HttpConnect(String path) -> texts(frame, COMMAND, HTTP_CONNECT, path);
      case Message.Prompt() -> texts(frame, COMMAND, PROMPT);
      case Message.Exit(int status) -> numbers(frame, COMMAND, EXIT, status);
      case Message.Failure(String code, List<String> parameters) -> {
        texts(frame, COMMAND, FAILURE, code);
        numbers(frame, parameters.size());
        parameters.forEach(parameter -> text(frame, parameter));
      }
      case Response response -> numbers(frame, RESPONSE, response.tag());
      case Message.Chunk(int length) -> numbers(frame, BLOB, CHUNK, length);
      case Message.End() -> numbers(frame, BLOB, END);
    }
    ByteBuffer length = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    out.write(length.putInt(frame.size()).array());
    frame.writeTo(out);
    out.flush();
  }

  /** Sends bytes that a {@link Message.Chunk} announced. */
  public synchronized void send(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    out.flush();
  }

  /**
   * Waits for the next message.
   *
   * @throws EOFException when the other end has gone
   * @throws ThinProtocolException when what comes is no message
   */
  public Message receive() throws IOException {
    int length = readInt();
    if (length < 4 || length > LONGEST_FRAME) {
      throw new ThinProtocolException("a frame of " + length + " bytes");
    }
    ByteBuffer frame = ByteBuffer.wrap(readFully(length)).order(ByteOrder.LITTLE_ENDIAN);
    try {
      Message message = message(frame);
      if (frame.hasRemaining()) {
        throw new ThinProtocolException("a frame that does not end with its message");
      }
      return message;
    } catch (BufferUnderflowException e) {
      throw new ThinProtocolException("a frame that ends too early");
    }
  }

  /** Reads bytes that a {@link Message.Chunk} announced. */
  public byte[] readFully(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the other end has gone");
    }
    return bytes;
  }

  /** Passes over bytes that a {@link Message.Chunk} announced. */
  public void skip(int length) throws IOException {
    in.skipNBytes(length);
  }

  private static Message message(ByteBuffer frame) throws ThinProtocolException {
    int kind = frame.getInt();
    int tag = frame.getInt();
    return switch (kind) {
      case COMMAND -> command(tag, frame);
      case RESPONSE -> response(tag);
      case BLOB -> blob(tag, frame);
      default -> throw new ThinProtocolException("a message of kind " + kind);
    };
  }

  private static Message command(int tag, ByteBuffer frame) throws ThinProtocolException {
    return switch (tag) {
      case PRINT -> new Message.Print(text(frame));
      case PRINT_ERROR -> new Message.PrintError(text(frame));
      case DEBUG -> new Message.Debug(text(frame));
      case LOAD -> new Message.Load(text(frame));
      case HTTP_GET -> new Message.HttpGet(text(frame), text(frame));
      case HTTP_PUT -> new Message.HttpPut(text(frame), text(frame));
      case HTTP_CONNECT -> new Message.HttpConnect(text(frame));
      case PROMPT -> new Message.Prompt();
      case EXIT -> new Message.Exit(frame.getInt());
      case FAILURE -> new Message.Failure(text(frame), list(frame));
      default -> throw new ThinProtocolException("command " + tag);
    };
  }

  private static Message response(int tag) throws ThinProtocolException {
    for (Response response : Response.values()) {
      if (response.tag() == tag) {
        return response;
      }
    }
    throw new ThinProtocolException("response " + tag);
  }

  private static Message blob(int tag, ByteBuffer frame) throws ThinProtocolException {
    return switch (tag) {
      case CHUNK -> {
        int length = frame.getInt();
        if (length < 0) {
          throw new ThinProtocolException("a chunk of " + length + " bytes");
        }
        yield new Message.Chunk(length);
      }
      case END -> new Message.End();
      default -> throw new ThinProtocolException("blob " + tag);
    };
  }

  private static void texts(ByteArrayOutputStream frame, int kind, int tag, String... texts) {
    numbers(frame, kind, tag);
    for (String text : texts) {
      text(frame, text);
    }
  }

  private static void text(ByteArrayOutputStream frame, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    numbers(frame, bytes.length);
    frame.writeBytes(bytes);
  }

  private static void numbers(ByteArrayOutputStream frame, int... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int number : numbers) {
      bytes.putInt(number);
    }
    frame.writeBytes(bytes.array());
  }

  private static String text(ByteBuffer frame) throws ThinProtocolException {
    int length = frame.getInt();
    if (length < 0 || length > frame.remaining()) {
      throw new ThinProtocolException("a text of " + length + " bytes");
    }
    byte[] bytes = new byte[length];
    frame.get(bytes);
    return new String(bytes, UTF_8);
  }

  private static List<String> list(ByteBuffer frame) throws ThinProtocolException {
    int length = frame.getInt();
    if (length < 0 || length > frame.remaining() / 4) {
      throw new ThinProtocolException("a list of " + length + " texts");
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      texts.add(text(frame));
    }
    return texts;
  }

  private int readInt() throws IOException {
    return ByteBuffer.wrap(readFully(4)).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }
}
