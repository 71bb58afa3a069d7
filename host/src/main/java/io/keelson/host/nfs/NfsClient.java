package io.keelson.host.nfs;

import java.io.IOException;
import java.nio.file.NotLinkException;
import java.util.ArrayList;
import java.util.List;

/**
 * The procedures of NFS version 3 on an export. Files are named from its root, with {@code /}
 * between names; links on the way are not followed. Whatever changes is on the server's disk when a
 * call returns.
 */
final class NfsClient {
  static final int LONGEST_HANDLE = 64;
  private static final int LONGEST_NAME = 4096;
  private static final int PIECE = 64 << 10;
  private static final int FILE_SYNC = 2;
  private static final int MOST_ENTRIES = 1 << 20;

  private final RpcClient rpc;
  private final byte[] root;

  NfsClient(RpcClient rpc, byte[] root) {
    this.rpc = rpc;
    this.root = root;
  }

  /** Bytes of the file system that the export is on. */
  record Space(long total, long free, long available) {}

  NfsFacts facts(String path) throws IOException {
    XdrReader answer = rpc.call(1, new XdrWriter().opaque(handle(path)));
    NfsStatus.check(answer.number(), path);
    return NfsFacts.read(answer);
  }

  String readLink(String path) throws IOException {
    if (!facts(path).isSymbolicLink()) {
      throw new NotLinkException(path);
    }
    XdrReader answer = rpc.call(5, new XdrWriter().opaque(handle(path)));
    NfsStatus.check(answer.number(), path);
    NfsFacts.pass(answer);
    return answer.text(LONGEST_NAME);
  }

  /** Reads at most so many bytes; none at the end. */
  byte[] read(byte[] file, long offset, int length) throws IOException {
    int count = Math.min(length, PIECE);
    XdrReader answer = rpc.call(6, new XdrWriter().opaque(file).number(offset).number(count));
    NfsStatus.check(answer.number(), "");
    NfsFacts.pass(answer);
    int _ = answer.number();
    boolean _ = answer.flag();
    return answer.opaque(PIECE);
  }

  /** Writes some of the bytes, at least one, and says how many. */
  int write(byte[] file, long offset, byte[] bytes) throws IOException {
    XdrReader answer =
        rpc.call(
            7,
            new XdrWriter()
                .opaque(file)
                .number(offset)
                .number(bytes.length)
                .number(FILE_SYNC)
                .opaque(bytes));
    NfsStatus.check(answer.number(), "");
    pass(answer);
    int written = answer.number();
    if (written <= 0) {
      throw new IOException("the server writes nothing");
    }
    return written;
  }

  /** Makes an empty file, or empties the one there unless it has to be new. */
  void create(String path, boolean fresh) throws IOException {
    XdrWriter how = place(path).number(fresh ? 1 : 0);
    attributes(how, 0644, true);
    done(8, how, path);
  }

  void makeFolder(String path) throws IOException {
    XdrWriter how = place(path);
    attributes(how, 0755, false);
    done(9, how, path);
  }

  void link(String path, String target) throws IOException {
    XdrWriter how = place(path);
    attributes(how, 0777, false);
    done(10, how.text(target), path);
  }

  void remove(String path) throws IOException {
    done(facts(path).isDirectory() ? 13 : 12, place(path), path);
  }

  /** Renames in one step, replacing what has the name. */
  void rename(String from, String to) throws IOException {
    done(14, place(from).fixed(place(to).bytes()), from);
  }

  /** The names in a folder. */
  List<String> list(String path) throws IOException {
    byte[] folder = handle(path);
    List<String> names = new ArrayList<>();
    long cookie = 0;
    byte[] verifier = new byte[8];
    boolean end = false;
    while (!end) {
      XdrReader answer =
          rpc.call(16, new XdrWriter().opaque(folder).number(cookie).fixed(verifier).number(PIECE));
      NfsStatus.check(answer.number(), path);
      NfsFacts.pass(answer);
      verifier = answer.fixed(8);
      int before = names.size();
      while (answer.flag()) {
        long _ = answer.longNumber();
        names.add(answer.text(LONGEST_NAME));
        cookie = answer.longNumber();
      }
      end = answer.flag() || names.size() == before || names.size() > MOST_ENTRIES;
    }
    names.removeIf(name -> name.equals(".") || name.equals("..") || name.contains("/"));
    return names;
  }

  Space space() throws IOException {
    XdrReader answer = rpc.call(18, new XdrWriter().opaque(root));
    NfsStatus.check(answer.number(), "/");
    NfsFacts.pass(answer);
    return new Space(answer.longNumber(), answer.longNumber(), answer.longNumber());
  }

  /** Has the server put what anybody wrote to the file on its disk. */
  void commit(String path) throws IOException {
    XdrReader answer = rpc.call(21, new XdrWriter().opaque(handle(path)).number(0L).number(0));
    NfsStatus.check(answer.number(), path);
  }

  /** The server's name for the file. */
  byte[] handle(String path) throws IOException {
    byte[] at = root;
    for (String name : path.split("/")) {
      if (!name.isEmpty()) {
        XdrReader answer = rpc.call(3, new XdrWriter().opaque(at).text(name));
        NfsStatus.check(answer.number(), path);
        at = answer.opaque(LONGEST_HANDLE);
      }
    }
    return at;
  }

  void close() throws IOException {
    rpc.close();
  }

  /** A name in its folder. */
  private XdrWriter place(String path) throws IOException {
    int slash = path.lastIndexOf('/');
    return new XdrWriter()
        .opaque(handle(path.substring(0, Math.max(0, slash))))
        .text(path.substring(slash + 1));
  }

  private static void attributes(XdrWriter to, int mode, boolean empty) {
    to.number(1).number(mode).number(0).number(0);
    if (empty) {
      to.number(1).number(0L);
    } else {
      to.number(0);
    }
    to.number(0).number(0);
  }

  private void done(int procedure, XdrWriter arguments, String path) throws IOException {
    NfsStatus.check(rpc.call(procedure, arguments).number(), path);
  }

  private static void pass(XdrReader from) throws IOException {
    if (from.flag()) {
      byte[] _ = from.fixed(24);
    }
    NfsFacts.pass(from);
  }
}
