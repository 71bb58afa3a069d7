package io.keelson.server.transfer;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.Call;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Takes what a client downloads. */
final class DownloadStream extends OutputStream {
  private final OutputStream out;
  private final Call call;

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
    try {
      out.write(bytes, offset, length);
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
