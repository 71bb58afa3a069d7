package io.keelson.testkit.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.keelson.image.tar.TarWriter;
import io.keelson.testkit.access.TestAuthority;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.cli.Xe.Shown;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Signature;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands after which a server is not what it was. */
class AgentCommandsTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path folder;

  /**
   * Its end comes sooner than usual, though not before the command is answered that asks for it.
   */
  private ServerBox simulated(int hosts) {
    return ServerBox.simulated(folder, hosts).with("KEELSON_AGENT_PAUSE", "3").start();
  }

  @Test
  void aPoolWithoutItsCoordinatorGetsAnotherAndAHostItsEnd() {
    try (ServerBox box = simulated(2)) {
      Xe xe = Xe.of(box);
      String former = master(xe);
      xe.ok("host-disable", "uuid=" + former);
      xe.ok("host-shutdown", "uuid=" + former);
      await().atMost(SOON).until(() -> xe.line("host-is-in-emergency-mode").equals("true"));
      assertThat(xe.refusal("pool-emergency-reset-master", "master-address=192.0.2.1"))
          .contains("192.0.2.1");
      xe.ok("pool-emergency-transition-to-master");
      assertThat(master(xe)).isNotEqualTo(former);
      assertThat(xe.line("host-is-in-emergency-mode")).isEqualTo("false");
      Shown shown = xe.typing("yes").run("host-forget", "uuid=" + former);
      assertThat(shown.status()).as(shown.toString()).isZero();
      assertThat(xe.line("host-list", "uuid=" + former, "--minimal")).isEmpty();
      xe.ok("host-management-disable");
      assertThat(xe.line("pif-list", "management=true", "--minimal")).isEmpty();
      xe.ok("host-shutdown-agent");
      await().atMost(SOON).until(() -> !box.isAlive());
    }
  }

  private static String master(Xe xe) {
    return xe.line("pool-list", "params=master", "--minimal");
  }

  @Test
  void aDatabaseIsPutBack() {
    try (ServerBox box = simulated(1)) {
      Xe xe = Xe.of(box);
      Path file = folder.resolve("database.xml");
      xe.ok("network-create", "name-label=of old");
      xe.ok("pool-dump-database", "file-name=" + file);
      xe.ok("network-create", "name-label=of late");
      assertThat(xe.ok("pool-restore-database", "file-name=" + file, "--force"))
          .isEqualTo("The toolstack starts anew with the restored database.\n");
      await()
          .atMost(SOON)
          .ignoreException(UncheckedIOException.class)
          .until(
              () -> xe.run("network-list", "name-label=of late", "--minimal").output(),
              "\n"::equals);
      assertThat(xe.line("network-list", "name-label=of old", "--minimal")).isNotEmpty();
    }
  }

  @Test
  void aRealHostIsPatchedCopiedAndRidOfItsDumps() throws Exception {
    Path crash = Files.createDirectories(folder.resolve("crash/202602030405"));
    Files.writeString(crash.resolve("dump.202602030405"), "memory");
    try (ServerBox box =
        ServerBox.real(folder.resolve("server"))
            .with("KEELSON_CRASH_FOLDER", folder.resolve("crash").toString())
            .start()) {
      Xe xe = Xe.of(box);
      aPatchIsApplied(box, xe);
      theDatabaseIsCopied(xe);
      aDumpIsSentAndRemoved(xe);
      assertThat(crash).doesNotExist();
    }
  }

  private void aPatchIsApplied(ServerBox box, Xe xe) throws Exception {
    TestAuthority.Issued maker = new TestAuthority("Makers of patches").server(1);
    Path keys = Files.createDirectories(box.data().resolve("patches/keys"));
    Files.writeString(keys.resolve("makers.pem"), TestAuthority.pem(maker.certificate()));
    String host = "host-uuid=" + xe.line("host-list", "--minimal");
    String uuid = UUID.randomUUID().toString();
    Path file = folder.resolve("patch");
    Files.write(file, patch(uuid, maker));
    assertThat(xe.ok("patch-upload", "file-name=" + file)).isEqualTo(uuid + "\n");
    assertThat(xe.refusal("patch-upload", "file-name=" + file)).contains(uuid);
    assertThat(xe.ok("patch-precheck", "uuid=" + uuid, host)).isEqualTo("looked\n\n");
    assertThat(xe.ok("patch-apply", "uuid=" + uuid, host)).isEqualTo("done\n\n");
    xe.ok("patch-pool-apply", "uuid=" + uuid);
    assertThat(xe.refusal("patch-destroy", "uuid=" + uuid)).isNotEmpty();
    xe.ok("patch-clean", "uuid=" + uuid);
    xe.ok("patch-pool-clean", "uuid=" + uuid);
    assertThat(xe.refusal("patch-apply", "uuid=none", host)).contains("none");
  }

  private static void aDumpIsSentAndRemoved(Xe xe) throws IOException {
    AtomicInteger received = new AtomicInteger();
    HttpServer reader =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    reader.createContext(
        "/",
        exchange -> {
          try (exchange) {
            received.addAndGet(exchange.getRequestBody().readAllBytes().length);
            exchange.sendResponseHeaders(201, -1);
          }
        });
    reader.start();
    try {
      String dump = xe.line("host-crashdump-list", "--minimal");
      String url = "http://127.0.0.1:" + reader.getAddress().getPort() + "/dump";
      xe.ok("host-crashdump-upload", "uuid=" + dump, "url=" + url);
      assertThat(received.get()).isPositive();
      xe.ok("host-crashdump-destroy", "uuid=" + dump);
      assertThat(xe.line("host-crashdump-list", "--minimal")).isEmpty();
    } finally {
      reader.stop(0);
    }
  }

  private static void theDatabaseIsCopied(Xe xe) {
    String sr = xe.line("sr-list", "type=file", "content-type=user", "--minimal").split(",")[0];
    String[] copies = {"vdi-list", "type=Metadata", "params=sr-uuid", "--minimal"};
    xe.ok("sr-enable-database-replication", "uuid=" + sr);
    assertThat(xe.line(copies)).isEqualTo(sr);
    xe.ok("sr-disable-database-replication", "uuid=" + sr);
    assertThat(xe.line(copies)).isEmpty();
  }

  private static byte[] patch(String uuid, TestAuthority.Issued maker) throws Exception {
    byte[] content =
        archive(
            Map.of(
                "manifest",
                ("uuid: " + uuid + "\nname-label: a patch\nversion: 1.0\n").getBytes(UTF_8)),
            Map.of(
                "precheck", "#!/bin/sh\necho looked\n".getBytes(UTF_8),
                "apply", "#!/bin/sh\necho done\n".getBytes(UTF_8)));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(maker.keys().getPrivate());
    signature.update(content);
    return archive(Map.of("signature", signature.sign()), Map.of("content.tar", content));
  }

  private static byte[] archive(Map<String, byte[]> first, Map<String, byte[]> then)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TarWriter tar = new TarWriter(out);
    for (Map<String, byte[]> files : List.of(first, then)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        tar.file(file.getKey(), file.getValue());
      }
    }
    tar.end();
    return out.toByteArray();
  }
}
