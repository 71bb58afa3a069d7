package io.keelson.control.directory;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.LDAPException;
import io.keelson.api.ApiModel;
import io.keelson.api.model.Host;
import io.keelson.store.Row;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory is turned on and off, and what it is reached with is kept. */
class ExternalAuthenticationTest {
  @TempDir Path folder;
  private DirectoryLab lab;

  @BeforeEach
  void open() throws LDAPException {
    lab = new DirectoryLab(folder);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void isTurnedOnAndOff() {
    assertThat(lab.error("auth.get_subject_identifier", lab.root, "alice"))
        .containsExactly("AUTH_IS_DISABLED");
    assertThat(lab.enable(lab.directory.settings())).isEmpty();
    assertThat(lab.host().externalAuthType()).isEqualTo("LDAP");
    assertThat(lab.host().externalAuthServiceName()).isEqualTo("example.com");
    assertThat(lab.host().externalAuthConfiguration())
        .doesNotContainKey("pass")
        .doesNotContainValue(TestDirectory.SECRET)
        .containsKey("pass_secret");
    assertThat(lab.enable(lab.directory.settings()))
        .containsExactly("AUTH_ALREADY_ENABLED", "LDAP", "example.com");
    assertThat(lab.error("pool.enable_external_auth", lab.control.pool, Map.of(), "x", "LDAP"))
        .containsExactly("POOL_AUTH_ALREADY_ENABLED", lab.control.host.text());
    assertThat(lab.control.store.snapshot().table(ApiModel.SECRET).size()).isEqualTo(1);
    lab.subject("alice", "read-only");
    String alice = lab.login("alice");
    assertThat(lab.error("host.disable_external_auth", lab.control.host, Map.of())).isEmpty();
    assertThat(lab.host().externalAuthType()).isEmpty();
    assertThat(lab.host().externalAuthConfiguration()).isEmpty();
    assertThat(lab.control.store.snapshot().table(ApiModel.SECRET).size()).isZero();
    assertThat(lab.lives(alice)).isFalse();
    assertThat(lab.lives(lab.root)).isTrue();
    assertThat(lab.error("host.disable_external_auth", lab.control.host, Map.of())).isEmpty();
    assertThat(lab.error("session.login_with_password", "alice", TestDirectory.password("alice")))
        .startsWith("SESSION_AUTHENTICATION_FAILED");
  }

  @Test
  void aPoolAtOnce() {
    assertThat(
            lab.error(
                "pool.enable_external_auth",
                lab.control.pool,
                lab.directory.settings(),
                "example.com",
                "LDAP"))
        .isEmpty();
    assertThat(lab.identifier("alice")).isNotEmpty();
    assertThat(lab.error("pool.disable_external_auth", lab.control.pool, Map.of())).isEmpty();
    assertThat(lab.host().externalAuthType()).isEmpty();
  }

  @Test
  void whatCannotBeTurnedOnChangesNothing() {
    Map<String, String> settings = lab.directory.settings();
    settings.put("pass", "wrong");
    assertThat(lab.enable(settings)).startsWith("AUTH_ENABLE_FAILED_WRONG_CREDENTIALS");
    assertThat(lab.error("pool.enable_external_auth", lab.control.pool, settings, "x", "LDAP"))
        .startsWith("POOL_AUTH_ENABLE_FAILED_WRONG_CREDENTIALS", lab.control.host.text());
    settings = lab.directory.settings();
    settings.put("url", "ldap://127.0.0.1:1");
    assertThat(lab.enable(settings)).startsWith("AUTH_ENABLE_FAILED_UNAVAILABLE");
    for (Map<String, String> bad :
        List.of(
            Map.of("colour", "red"),
            Map.of("revalidate", "never"),
            Map.of("revalidate", "60", "revalidate_limit", "59"),
            Map.of("pass_secret", "no uuid"),
            Map.of("tls", "perhaps"))) {
      settings = lab.directory.settings();
      settings.putAll(bad);
      assertThat(lab.enable(settings)).as(bad.toString()).startsWith("AUTH_ENABLE_FAILED");
    }
    assertThat(
            lab.error(
                "host.enable_external_auth",
                lab.control.host,
                lab.directory.settings(),
                "x",
                "NIS"))
        .containsExactly("AUTH_UNKNOWN_TYPE", "NIS");
    assertThat(
            lab.error("host.enable_external_auth", lab.control.host, Map.of(), "no.invalid", "AD"))
        .startsWith("AUTH_ENABLE_FAILED_DOMAIN_LOOKUP_FAILED");
    assertThat(lab.host().externalAuthType()).isEmpty();
    assertThat(lab.control.store.snapshot().table(ApiModel.SECRET).size()).isZero();
  }

  @Test
  void aSecretThatIsThereAlreadyStays() {
    String uuid = "5f1a9c0e-2f9d-4b34-8a51-6c1d7f6f2a10";
    lab.control.store.change(tx ->
        tx.create(
            ApiModel.SECRET,
            ApiModel.SECRET.blank().with(b -> b.uuid(uuid).value(TestDirectory.SECRET))));
    Map<String, String> settings = lab.directory.settings();
    settings.remove("pass");
    settings.put("pass_secret", uuid);
    assertThat(lab.enable(settings)).isEmpty();
    assertThat(lab.identifier("alice")).isNotEmpty();
    assertThat(lab.error("host.disable_external_auth", lab.control.host, Map.of())).isEmpty();
    assertThat(lab.control.store.snapshot().table(ApiModel.SECRET).size()).isEqualTo(1);
  }

  @Test
  void hostsThatDifferRaiseAnAlertOnce() {
    lab.enable(lab.directory.settings());
    lab.answer("pool.detect_nonhomogeneous_external_auth", lab.root, lab.control.pool.text());
    assertThat(lab.control.store.snapshot().table(ApiModel.MESSAGE).size()).isZero();
    String uuid = "0b3c1a52-93f4-4b7a-9a0c-52d1a0f2a9c1";
    lab.control.store.change(tx ->
        tx.create(
            ApiModel.HOST, Host.builder().build().with(b -> b.uuid(uuid).nameLabel("other"))));
    lab.answer("pool.detect_nonhomogeneous_external_auth", lab.root, lab.control.pool.text());
    lab.answer("pool.detect_nonhomogeneous_external_auth", lab.root, lab.control.pool.text());
    assertThat(lab.control.store.snapshot().rows(ApiModel.MESSAGE).map(Row::record).toList())
        .singleElement()
        .satisfies(message -> {
          assertThat(message.name()).isEqualTo("AUTH_EXTERNAL_POOL_NON_HOMOGENEOUS");
          assertThat(message.objUuid()).isEqualTo(uuid);
          assertThat(message.body()).contains("master_external_auth_type=LDAP");
        });
  }

  @Test
  void passwordsAreInNoRecordButTheSecretsOwn() throws IOException {
    lab.enable(lab.directory.settings());
    lab.subject("alice", "read-only");
    String alice = lab.login("alice");
    assertThat(lab.control.answer("host.get_all_records", alice))
        .asString()
        .doesNotContain(TestDirectory.SECRET);
    assertThat(lab.error("secret.get_all_records", alice)).startsWith("RBAC_PERMISSION_DENIED");
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .doesNotContain(TestDirectory.password("alice"));
      }
    }
  }
}
