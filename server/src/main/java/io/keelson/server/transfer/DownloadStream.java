package io.keelson.server.transfer;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.Call;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Takes what a client downloads. The last byte waits for {@link #finish}, so that a client that has
 * got everything finds the operation over and its objects free.
 */
final class DownloadStream extends OutputStream {
  private final OutputStream out;
  private final Call call;
  private byte[] last = {};

  DownloadStream(OutputStream out, Call call) {
    this.out = out;
    this.call = call;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    refuseCancelled();
    if (length == 0) {
      return;
    }
    try {
      out.write(last);
      out.write(bytes, offset, length - 1);
      last = new byte[] {bytes[offset + length - 1]};
    } catch (IOException e) {
      throw ended();
    }
  }

  @Override
  public void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw ended();
    }
  }

  /** Sends the end of the download. */
  void finish() throws IOException {
    out.write(last);
    out.flush();
  }

  private void refuseCancelled() {
    if (call.cancelled()) {
      throw ApiErrors.taskCancelled(call.task().text());
    }
  }

  private ApiError ended() {
    refuseCancelled();
    return ApiErrors.internalError(List.of("The client went away before the end of the download"));
  }
}
