package io.keelson.testkit.layers;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Calls go down only: http, wire, control's gate, handlers and rules, store, drivers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LayersTest {
  /** What each module may use of the others, as docs/architecture.md has it. */
  private static final Map<String, List<String>> MAY_USE =
      Map.of(
          "api", List.of(),
          "cli", List.of("api"),
          "wire", List.of("api"),
          "store", List.of("api"),
          "image", List.of("api", "wire"),
          "host", List.of(),
          "control", List.of("api", "store", "image", "host"),
          "http", List.of("wire", "control", "api"),
          "conformance", List.of("model"),
          "reference", List.of("model", "conformance"));

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
  void modulesUseOnlyThoseBelow() {
    MAY_USE.forEach((module, below) -> {
      String[] allowed =
          Stream.concat(below.stream(), Stream.of(module))
              .map(LayersTest::packages)
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(packages(module))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("io.keelson..").and(not(resideInAnyPackage(allowed))))
          .check(classes);
    });
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

  private static String packages(String module) {
    return "io.keelson." + module + "..";
  }
}
