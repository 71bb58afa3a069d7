package io.keelson.testkit.layers;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Calls go down only: http, wire, control's gate, handlers and rules, store, drivers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LayersTest {
  private static final Path PICTURE = Path.of("..", "docs", "architecture.md");
  private static final Pattern ARROW = Pattern.compile("(?m)^ +([a-z]+) --> ([a-z]+)$");
  private static final Pattern MODULE = Pattern.compile("io\\.keelson\\.([a-z]+)\\..*");

  private JavaClasses classes;

  @BeforeAll
  void read() {
    classes =
        new ClassFileImporter()
            .withImportOption(new DoNotIncludeTests())
            .importPackages(
                "io.keelson.api",
                "io.keelson.wire",
                "io.keelson.store",
                "io.keelson.image",
                "io.keelson.host",
                "io.keelson.control",
                "io.keelson.http",
                "io.keelson.cli",
                "io.keelson.server",
                "io.keelson.conformance",
                "io.keelson.reference");
  }

  @Test
  void modulesUseEachOtherAsThePictureShows() throws IOException {
    Set<String> drawn =
        ARROW
            .matcher(Files.readString(PICTURE))
            .results()
            .map(arrow -> arrow.group(1) + " uses " + arrow.group(2))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> found =
        classes.stream()
            .flatMap(user -> user.getDirectDependenciesFromSelf().stream())
            .flatMap(use -> arrow(use.getOriginClass(), use.getTargetClass()).stream())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(found).isEqualTo(drawn);
  }

  private static Optional<String> arrow(JavaClass user, JavaClass used) {
    Matcher from = MODULE.matcher(user.getName());
    Matcher to = MODULE.matcher(used.getName());
    return from.matches() && to.matches() && !from.group(1).equals(to.group(1))
        ? Optional.of(from.group(1) + " uses " + to.group(1))
        : Optional.empty();
  }

  /** It starts in milliseconds, since nothing else has to be loaded. */
  @Test
  void xeIsMadeOfTheJdkAndTheThinProtocol() {
    noClasses()
        .that()
        .resideInAPackage("io.keelson.cli.client..")
        .should()
        .dependOnClassesThat(
            not(
                resideInAnyPackage(
                    "java..",
                    "javax..",
                    "org.jspecify..",
                    "io.keelson.cli.client..",
                    "io.keelson.cli.thin..")))
        .check(classes);
  }

  @Test
  void commandsDoNotKnowWhatCallsThem() {
    noClasses()
        .that()
        .resideInAPackage("io.keelson.cli.command..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "io.keelson.cli.dispatch..", "io.keelson.cli.client..", "io.keelson.cli.thin.."))
        .check(classes);
  }

  @Test
  void controlKnowsOnlyTheInterfacesOfDrivers() {
    noClasses()
        .that()
        .resideInAPackage("io.keelson.control..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.keelson.host.qemu..", "io.keelson.host.sim..")
        .check(classes);
  }

  @Test
  void driversDoNotKnowEachOther() {
    noClasses()
        .that()
        .resideInAPackage("io.keelson.host.qemu..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.keelson.host.sim..", "io.keelson.host.storage..", "io.keelson.host.network..")
        .check(classes);
    noClasses()
        .that()
        .resideInAnyPackage("io.keelson.host.storage..", "io.keelson.host.network..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.keelson.host.sim..", "io.keelson.host.qemu..")
        .check(classes);
  }

  @Test
  void subjectsDoNotReachUpToTheGate() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.keelson.control.vm..",
            "io.keelson.control.storage..",
            "io.keelson.control.network..",
            "io.keelson.control.rules..",
            "io.keelson.control.operation..",
            "io.keelson.control.task..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.keelson.control.gate..")
        .check(classes);
  }

  @Test
  void rulesAndOperationsKnowNoHandlers() {
    noClasses()
        .that()
        .resideInAnyPackage("io.keelson.control.rules..", "io.keelson.control.operation..")
        .should()
        .dependOnClassesThat(simpleNameEndingWith("Handler"))
        .check(classes);
  }

  @Test
  void packagesOfDriversStoreAndImagesFormNoCycles() {
    for (String module : List.of("host", "store", "image")) {
      slices().matching("io.keelson." + module + ".(*)..").should().beFreeOfCycles().check(classes);
    }
  }

  @Test
  void logsGoThroughOneInterface() {
    GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(classes);
    noClasses()
        .that()
        .doNotHaveSimpleName("Main")
        .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
        .check(classes);
  }

  @Test
  void namesSayWhatThingsAre() {
    for (String empty : List.of("Manager", "Helper", "Util", "Utils", "Impl")) {
      noClasses().should().haveSimpleNameEndingWith(empty).check(classes);
    }
    noClasses().should().haveNameMatching(".*\\.(Base|Abstract)[A-Z][A-Za-z]*").check(classes);
  }
}
