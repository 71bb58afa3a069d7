package io.keelson.server.transfer;

import io.keelson.api.ApiErrors;
import io.keelson.api.Call;
import java.io.IOException;
import java.io.InputStream;

/** What a client uploads. */
final class UploadStream extends InputStream {

  /** What is done before the first byte is read. */
  @FunctionalInterface
  interface Announcement {
    void make() throws IOException;
  }

  private final InputStream in;
  private final Call call;
  private final Announcement announcement;
  private boolean announced;

  UploadStream(InputStream in, Call call, Announcement announcement) {
    this.in = in;
    this.call = call;
    this.announcement = announcement;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    refuseCancelled();
    try {
      if (!announced) {
        announced = true;
        announcement.make();
      }
      return in.read(target, offset, length);
    } catch (IOException e) {
      refuseCancelled();
      throw ApiErrors.importError("The client went away before the end of the upload");
    }
  }

  private void refuseCancelled() {
    if (call.cancelled()) {
      throw ApiErrors.taskCancelled(call.task().text());
    }
  }
}
