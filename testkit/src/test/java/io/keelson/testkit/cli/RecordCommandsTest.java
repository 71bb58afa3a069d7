package io.keelson.testkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.cli.Xe.Shown;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every kind of object has: its list, and its parameters shown and changed. */
class RecordCommandsTest {
  private static final String TEMPLATE = "Other install media";

  @TempDir private static Path folder;
  private static ServerBox box;
  private static Xe xe;

  @BeforeAll
  static void start() {
    box = ServerBox.simulated(folder, 2).start();
    xe = Xe.of(box);
  }

  @AfterAll
  static void stop() {
    box.close();
  }

  private static String vm(String name) {
    return xe.line("vm-clone", "vm=" + TEMPLATE, "new-name-label=" + name)
        .transform(uuid -> {
          xe.ok("template-param-set", "uuid=" + uuid, "is-a-template=false");
          return uuid;
        });
  }

  @Test
  void aListShowsTheUsualColumnsInTheirLayout() {
    String uuid = vm("in a list");
    assertThat(xe.ok("vm-list", "name-label=in a list"))
        .isEqualTo(
            """
            uuid ( RO)           : %s
                 name-label ( RW): in a list
                power-state ( RO): halted


            """
                .formatted(uuid));
  }

  @Test
  void aMinimalListIsOneLineOfFirstValues() {
    String first = vm("one, of several");
    String second = vm("one, of several");
    assertThat(xe.line("vm-list", "name-label=one, of several", "--minimal").split(","))
        .containsExactlyInAnyOrder(first, second);
    assertThat(xe.line("vm-list", "uuid=" + first, "params=name-label", "minimal=true"))
        .isEqualTo("one\\, of several");
    assertThat(xe.ok("vm-list", "name-label=nobody", "--minimal")).isEqualTo("\n");
  }

  @Test
  void everyKindCanBeListedAndShownWhole() {
    List<String> all = List.of(xe.line("help", "--all", "--minimal").split(","));
    List<String> kinds =
        all.stream()
            .filter(name -> name.endsWith("-list") && !name.endsWith("-param-list"))
            .filter(name -> all.contains(name.replaceFirst("-list$", "-param-list")))
            .toList();
    assertThat(kinds).hasSizeGreaterThan(25);
    for (String list : kinds) {
      Shown whole = xe.run(list, "params=all");
      assertThat(whole.errors()).as(list).isEmpty();
      assertThat(whole.status()).as(list).isZero();
      String uuids = xe.line(list, "params=uuid", "--minimal");
      if (!uuids.isEmpty()) {
        String kind = list.substring(0, list.length() - "-list".length());
        assertThat(xe.ok(kind + "-param-list", "uuid=" + uuids.split(",")[0]))
            .startsWith("uuid ( RO)");
      }
    }
  }

  @Test
  void expensiveParametersAreLeftOutOfLists() {
    String uuid = vm("expensive");
    assertThat(xe.ok("vm-list", "uuid=" + uuid, "params=possible-hosts"))
        .contains("possible-hosts ( RO)    : <expensive field>");
    assertThat(xe.line("vm-param-get", "uuid=" + uuid, "param-name=possible-hosts").split("; "))
        .hasSize(2);
  }

  @Test
  void parametersAreSetEachInItsWay() {
    String uuid = vm("to be set");
    xe.ok(
        "vm-param-set",
        "uuid=" + uuid,
        "name-description=what=ever",
        "other-config:colour=red",
        "actions-after-crash=coredump_and_restart",
        "VCPUs-max=4",
        "HVM-shadow-multiplier=1.5");
    assertThat(get(uuid, "name-description")).isEqualTo("what=ever");
    assertThat(get(uuid, "actions-after-crash")).isEqualTo("Core dump and restart");
    assertThat(get(uuid, "VCPUs-max")).isEqualTo("4");
    assertThat(get(uuid, "HVM-shadow-multiplier")).isEqualTo("1.500");
    assertThat(
            xe.line("vm-param-get", "uuid=" + uuid, "param-name=other-config", "param-key=colour"))
        .isEqualTo("red");
    xe.ok("vm-param-set", "uuid=" + uuid, "other-config-colour=blue");
    assertThat(xe.line("vm-list", "other-config:colour=blue", "--minimal")).isEqualTo(uuid);
    xe.ok("vm-param-remove", "uuid=" + uuid, "param-name=other-config", "param-key=colour");
    assertThat(xe.line("vm-list", "other-config:colour=blue", "--minimal")).isEmpty();
  }

  @Test
  void setsGrowAndShrinkByMembers() {
    String uuid = vm("tagged");
    xe.ok("vm-param-add", "uuid=" + uuid, "param-name=tags", "param-key=web");
    xe.ok("vm-param-add", "uuid=" + uuid, "param-name=tags", "param-key=old");
    assertThat(xe.line("vm-list", "tags:contains=web", "--minimal")).isEqualTo(uuid);
    xe.ok("vm-param-remove", "uuid=" + uuid, "param-name=tags", "param-key=old");
    assertThat(get(uuid, "tags")).isEqualTo("web");
    xe.ok("vm-param-clear", "uuid=" + uuid, "param-name=tags");
    assertThat(get(uuid, "tags")).isEmpty();
    assertThat(xe.run("vm-param-remove", "uuid=" + uuid, "param-name=tags", "param-key=old"))
        .isEqualTo(new Shown(1, "", "Error: Key is not in the set\n"));
  }

  @Test
  void referencesAreSetAndShownAsUuids() {
    String uuid = vm("at home");
    String host = xe.line("host-list", "params=uuid", "--minimal").split(",")[0];
    xe.ok("vm-param-set", "uuid=" + uuid, "affinity=" + host);
    assertThat(get(uuid, "affinity")).isEqualTo(host);
    assertThat(xe.line("vm-list", "is-control-domain=false", "affinity=" + host, "--minimal"))
        .isEqualTo(uuid);
    xe.ok("vm-param-clear", "uuid=" + uuid, "param-name=affinity");
    assertThat(get(uuid, "affinity")).isEqualTo("<not in database>");
  }

  @Test
  void whatCannotBeDoneIsSaid() {
    String uuid = vm("refused");
    assertThat(xe.run("vm-param-set", "uuid=" + uuid, "VCPUs-max=many"))
        .isEqualTo(
            new Shown(
                1, "", "Error: Failed to parse parameter 'VCPUs-max': expecting an integer\n"));
    assertThat(xe.run("vm-param-set", "uuid=" + uuid, "power-state=running"))
        .isEqualTo(new Shown(1, "", "Error: Field 'power-state' is read-only.\n"));
    assertThat(xe.run("vm-param-set", "uuid=" + uuid, "colour=red"))
        .isEqualTo(new Shown(1, "", "Error: Unknown field 'colour'\n"));
    assertThat(xe.run("vm-param-set", "name-label=x"))
        .isEqualTo(
            new Shown(1, "", "Required parameter not found: uuid\nFor usage run: 'xe help'\n"));
    assertThat(xe.run("vm-frobnicate"))
        .isEqualTo(new Shown(1, "", "Unknown command: vm-frobnicate\nFor usage run: 'xe help'\n"));
    assertThat(xe.run("vm-param-list", "uuid=nobody"))
        .isEqualTo(
            new Shown(
                1,
                "",
                """
                No object of the class has the uuid.
                class: VM
                uuid: nobody
                next step: Look the uuid up with get_all_records of the class: the object was destroyed, or the uuid is another class's.
                """));
  }

  @Test
  void commandsAreForWhoIsKnown() {
    assertThat(xe.as("username=root", "password=wrong").run("vm-list"))
        .isEqualTo(new Shown(1, "", "Authentication failed\nFor usage run: 'xe help'\n"));
    assertThat(xe.as().run("vm-list"))
        .isEqualTo(
            new Shown(1, "", "Username/password must be specified\nFor usage run: 'xe help'\n"));
  }

  private static String get(String uuid, String parameter) {
    String text = xe.ok("vm-param-get", "uuid=" + uuid, "param-name=" + parameter);
    return text.substring(0, text.length() - 1);
  }
}
