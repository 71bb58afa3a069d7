package io.keelson.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.LibvirtException;

/**
 * A libvirtd of its own, in a mount namespace in which its folders are empty, so that another one
 * on this machine is not touched. Needs root and Debian's libvirt-daemon-system.
 */
final class LibvirtPeer implements Peer {
  private static final String START =
      """
      mount --make-rprivate /
      mkdir -p /run/libvirt "$1"/run "$1"/etc/qemu "$1"/lib "$1"/cache
      cp -an /etc/libvirt/. "$1"/etc/
      cat >"$1"/etc/qemu.conf <<-END
      stdio_handler = "file"
      security_driver = "none"
      user = "root"
      group = "root"
      cgroup_controllers = []
      namespaces = []
      remember_owner = 0
      END
      cat >"$1"/libvirtd.conf <<-END
      unix_sock_dir = "$1/sockets"
      auth_unix_rw = "none"
      auth_unix_ro = "none"
      max_clients = 500
      END
      mount --bind "$1"/run /run/libvirt
      mount --bind "$1"/etc /etc/libvirt
      mount --bind "$1"/lib /var/lib/libvirt
      mount --bind "$1"/cache /var/cache/libvirt
      mkdir -p /var/lib/libvirt/qemu /var/lib/libvirt/images /run/libvirt/qemu "$1"/sockets
      exec /usr/sbin/libvirtd --config "$1"/libvirtd.conf --pid-file "$1"/libvirtd.pid
      """;

  private final Path folder;
  private final boolean accelerated;
  private Process process;

  /**
   * @param accelerated whether its machines run on KVM
   */
  LibvirtPeer(Path folder, boolean accelerated) {
    this.folder = folder;
    this.accelerated = accelerated;
    this.process = launch();
  }

  @Override
  public String name() {
    return "libvirt";
  }

  @Override
  public void start() {
    if (!process.isAlive()) {
      process = launch();
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException("libvirtd did not come up; see " + folder.resolve("log"));
      }
      Writer.letRun(2);
    }
  }

  private boolean answers() {
    // its library writes every refusal to the standard error
    try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
      if (!probe.isConnected()) {
        return false;
      }
    } catch (IOException _) {
      return false;
    }
    try (Client client = connect()) {
      client.listAll();
      return true;
    } catch (IllegalStateException _) {
      return false;
    }
  }

  private Path socket() {
    return folder.resolve("sockets/libvirt-sock");
  }

  private Process launch() {
    try {
      Files.createDirectories(folder);
      return new ProcessBuilder(
              "unshare", "-m", "bash", "-e", "-c", START, "libvirt", folder.toString())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void kill() {
    process.destroyForcibly();
    await();
  }

  @Override
  public void close() {
    process.destroy();
    await();
  }

  private void await() {
    try {
      process.waitFor();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Client connect() {
    return call(() ->
        new LibvirtClient(
            new Connect("qemu+unix:///system?socket=" + socket()), accelerated ? "kvm" : "qemu"));
  }

  /** A call of libvirt's. */
  @FunctionalInterface
  private interface LibvirtCall<T> {
    T run() throws LibvirtException;
  }

  private static <T> T call(LibvirtCall<T> call) {
    try {
      return call.run();
    } catch (LibvirtException e) {
      throw new IllegalStateException(e);
    }
  }

  private record LibvirtClient(Connect connection, String type) implements Client {
    @Override
    public String define(String name) {
      String uuid = UUID.randomUUID().toString();
      String xml =
          """
          <domain type='%s'><name>%s</name><uuid>%s</uuid><memory unit='MiB'>32</memory>
          <vcpu>1</vcpu><os><type arch='x86_64' machine='pc'>hvm</type></os>
          <description>bench</description><on_poweroff>destroy</on_poweroff>
          <on_crash>destroy</on_crash><devices><emulator>/usr/bin/qemu-system-x86_64</emulator>
          <controller type='usb' model='none'/><memballoon model='none'/></devices></domain>\
          """
              .formatted(type, name, uuid);
      return call(() -> connection.domainDefineXML(xml).getUUIDString());
    }

    @Override
    public void undefine(String vm) {
      call(() -> {
        domain(vm).undefine();
        return vm;
      });
    }

    @Override
    public void run(String vm) {
      call(() -> domain(vm).create());
    }

    @Override
    public void stop(String vm) {
      call(() -> {
        domain(vm).destroy();
        return vm;
      });
    }

    @Override
    public long listAll() {
      return call(() -> {
        long bytes = 0; // libvirt has no call that gives all full records
        for (Domain domain : connection.listAllDomains(0)) {
          bytes += domain.getXMLDesc(0).length();
        }
        return bytes;
      });
    }

    @Override
    public long read(String vm) {
      return call(() -> (long) domain(vm).getXMLDesc(0).length());
    }

    @Override
    public void describe(String vm, String text) {
      call(() -> {
        domain(vm).setMetadata(0, text, null, null, 2);
        return vm;
      });
    }

    @Override
    public String description(String vm) {
      return call(() -> domain(vm).getMetadata(0, null, 2));
    }

    private Domain domain(String vm) throws LibvirtException {
      return connection.domainLookupByUUIDString(vm);
    }

    @Override
    public void close() {
      call(connection::close);
    }
  }
}
