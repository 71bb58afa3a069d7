package io.keelson.host.nfs;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * A server of NFS version 3: its exports, and how they are opened.
 *
 * @param name its name or address
 * @param uid the user to work as
 */
public record NfsServer(String name, int uid) {
  private static final int PORTMAP = 100000;
  private static final int PORTMAP_PORT = 111;
  private static final int NFS = 100003;
  private static final int MOUNT = 100005;
  private static final int VERSION = 3;
  private static final int TCP = 6;
  private static final int MOST_EXPORTS = 10_000;
  private static final int LONGEST_PATH = 4096;

  /**
   * What a server offers.
   *
   * @param path of the folder
   * @param clients who may use it; empty for anybody
   */
  public record Export(String path, List<String> clients) {
    public Export {
      clients = List.copyOf(clients);
    }
  }

  /** Every export. Raises when no NFS server answers. */
  public List<Export> exports() throws IOException {
    try (RpcClient mounts = client(MOUNT)) {
      XdrReader answer = mounts.call(5, new XdrWriter());
      List<Export> exports = new ArrayList<>();
      while (answer.flag() && exports.size() < MOST_EXPORTS) {
        String path = answer.text(LONGEST_PATH);
        List<String> clients = new ArrayList<>();
        while (answer.flag()) {
          clients.add(answer.text(LONGEST_PATH));
        }
        exports.add(new Export(path, clients));
      }
      return exports;
    }
  }

  /** Opens an export, or a folder in one. */
  NfsClient open(String path) throws IOException {
    byte[] root;
    try (RpcClient mounts = client(MOUNT)) {
      XdrReader answer = mounts.call(1, new XdrWriter().text(path));
      NfsStatus.check(answer.number(), name + ":" + path);
      root = answer.opaque(NfsClient.LONGEST_HANDLE);
    }
    return new NfsClient(client(NFS), root);
  }

  private RpcClient client(int program) throws IOException {
    InetSocketAddress portmap = address(PORTMAP_PORT);
    try (RpcClient ports = new RpcClient(portmap, PORTMAP, 2, uid)) {
      int port =
          ports
              .call(3, new XdrWriter().number(program).number(VERSION).number(TCP).number(0))
              .number();
      if (port <= 0 || port > 0xffff) {
        throw new IOException(name + " has no NFS version 3 over TCP");
      }
      return new RpcClient(address(port), program, VERSION, uid);
    }
  }

  private InetSocketAddress address(int port) throws IOException {
    InetSocketAddress address = new InetSocketAddress(name, port);
    if (address.isUnresolved()) {
      throw new IOException("no address is known for " + name);
    }
    return address;
  }
}
