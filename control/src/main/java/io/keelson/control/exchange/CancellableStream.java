package io.keelson.control.exchange;

import io.keelson.api.ApiErrors;
import io.keelson.api.Call;
import io.keelson.image.ImageException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that ends when the call is cancelled, and tells where a fetched archive broke off. */
final class CancellableStream extends FilterInputStream {
  private final Call call;

  CancellableStream(InputStream in, Call call) {
    super(in);
    this.call = call;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    checkCancelled();
    try {
      return super.read(into, offset, length);
    } catch (IOException _) {
      checkCancelled(); // it may be what has broken it off
      throw ImageException.prematureEnd();
    }
  }

  private void checkCancelled() {
    if (call.cancelled()) {
      throw ApiErrors.taskCancelled(call.task().text());
    }
  }
}
