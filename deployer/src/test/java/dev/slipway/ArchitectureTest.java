package dev.slipway;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the packages; each is also shown to catch a class that breaks it. */
class ArchitectureTest {

  @TempDir private static Path folder;

  private static final Set<String> READING_THE_MACHINE =
      Set.of("getenv", "getProperty", "getProperties", "currentTimeMillis", "nanoTime");

  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.slipway");

  /** Each package uses those of the lines before its own, and none of its own line. */
  private static final List<List<String>> ORDER =
      List.of(
          List.of("image", "catalog", "release", "command"),
          List.of("platform"),
          List.of("plan", "effect"),
          List.of("ledger", "health", "migrations"),
          List.of("deploy"),
          List.of("publish"),
          List.of("cli"));

  private static final ArchRule PACKAGES_DEPEND_IN_ONE_DIRECTION = inOrder();

  private static final ArchRule NO_CYCLES = slices().matching("(**)").should().beFreeOfCycles();

  private static final ArchRule DECIDING_TOUCHES_NOTHING =
      noClasses()
          .that(decide())
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "java.io..",
                      "java.nio.file..",
                      "java.nio.channels..",
                      "java.net..",
                      "java.util.concurrent..",
                      "javax.net..",
                      "dev.slipway.effect..")
                  .and(not(belongToAnyOf(StringReader.class, StringWriter.class)))
                  .or(
                      belongTo(
                          describe(
                              "the clock, a thread or a process",
                              type ->
                                  Set.of(
                                          "java.time.Clock",
                                          "java.lang.Thread",
                                          "java.lang.Process",
                                          "java.lang.ProcessBuilder",
                                          "java.lang.ProcessHandle",
                                          "java.lang.Runtime")
                                      .contains(type.getName())))));

  private static final ArchRule DECIDING_ASKS_NEITHER_TIME_NOR_ENVIRONMENT =
      noClasses()
          .that(decide())
          .should()
          .accessTargetWhere(
              describe(
                  "reads the time or the environment", ArchitectureTest::readsTimeOrEnvironment));

  private static final ArchRule SSH_HAS_ONE_DOOR = door("com.jcraft.jsch..", "effect.ssh");
  private static final ArchRule DOCKER_HAS_ONE_DOOR =
      door("com.github.dockerjava..", "effect.docker");
  private static final ArchRule ARCHIVES_HAVE_ONE_DOOR =
      door("org.apache.commons.compress..", "effect.docker");
  private static final ArchRule DATABASES_HAVE_ONE_DOOR = door("java.sql..", "effect.postgres");
  private static final ArchRule HTTP_HAS_ONE_DOOR = door("java.net.http..", "effect.http");
  private static final ArchRule THE_COMMAND_LINE_HAS_ONE_DOOR = door("picocli..", "cli");

  private static final ArchRule PROCESSES_HAVE_ONE_DOOR =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.slipway.effect.process..")
          .should()
          .accessTargetWhere(
              describe(
                  "starts a process",
                  access ->
                      access.getTargetOwner().isEquivalentTo(ProcessBuilder.class)
                          || (access.getTargetOwner().isEquivalentTo(Runtime.class)
                              && access.getTarget().getName().equals("exec"))));

  private static final ArchRule ONLY_THE_COMMAND_LINE_PRINTS =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.slipway.cli..")
          .should()
          .accessTargetWhere(
              describe("prints", access -> field(access, "out") || field(access, "err")));

  private static final ArchRule ARCHIVES_SAY_THE_CHARACTER_SET_OF_THEIR_NAMES =
      noClasses().should().callConstructor(TarArchiveInputStream.class, InputStream.class);

  private static ArchRule inOrder() {
    LayeredArchitecture order =
        layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .ensureAllClassesAreContainedInArchitecture()
            .layer("all")
            .definedBy("dev.slipway");
    List<String> before = new ArrayList<>(List.of("all"));
    for (List<String> line : ORDER) {
      for (String name : line) {
        order =
            order
                .layer(name)
                .definedBy("dev.slipway." + name + "..")
                .whereLayer(name)
                .mayOnlyAccessLayers(before.toArray(String[]::new));
      }
      before.addAll(line);
    }
    return order.whereLayer("all").mayNotAccessAnyLayer();
  }

  private static DescribedPredicate<JavaClass> decide() {
    return resideInAnyPackage(
        "dev.slipway.platform..",
        "dev.slipway.image..",
        "dev.slipway.catalog..",
        "dev.slipway.release..",
        "dev.slipway.plan..",
        "dev.slipway.command..");
  }

  private static ArchRule door(String library, String ourPackage) {
    return noClasses()
        .that()
        .resideOutsideOfPackage("dev.slipway." + ourPackage + "..")
        .should()
        .dependOnClassesThat(resideInAPackage(library));
  }

  private static boolean readsTimeOrEnvironment(JavaAccess<?> access) {
    AccessTarget target = access.getTarget();
    JavaClass owner = access.getTargetOwner();
    return (owner.getPackageName().equals("java.time") && target.getName().equals("now"))
        || (owner.getName().equals("java.lang.System")
            && READING_THE_MACHINE.contains(target.getName()));
  }

  private static boolean field(JavaAccess<?> access, String name) {
    return access.getTargetOwner().getName().equals("java.lang.System")
        && access.getTarget().getName().equals(name);
  }

  static Stream<ArchRule> rules() {
    return Stream.of(
        PACKAGES_DEPEND_IN_ONE_DIRECTION,
        NO_CYCLES,
        DECIDING_TOUCHES_NOTHING,
        DECIDING_ASKS_NEITHER_TIME_NOR_ENVIRONMENT,
        SSH_HAS_ONE_DOOR,
        DOCKER_HAS_ONE_DOOR,
        ARCHIVES_HAVE_ONE_DOOR,
        ARCHIVES_SAY_THE_CHARACTER_SET_OF_THEIR_NAMES,
        DATABASES_HAVE_ONE_DOOR,
        HTTP_HAS_ONE_DOOR,
        THE_COMMAND_LINE_HAS_ONE_DOOR,
        PROCESSES_HAVE_ONE_DOOR,
        ONLY_THE_COMMAND_LINE_PRINTS);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void theProductKeepsTheRule(ArchRule rule) {
    assertThat(rule.evaluate(PRODUCT).getFailureReport().getDetails()).isEmpty();
  }

  static Stream<Arguments> offences() {
    return Stream.of(
        arguments(
            PACKAGES_DEPEND_IN_ONE_DIRECTION,
            List.of(
                "package dev.slipway.health; class Offender18 { dev.slipway.ledger.Ledger other; }")),
        arguments(
            PACKAGES_DEPEND_IN_ONE_DIRECTION,
            List.of(
                "package dev.slipway.image; class Offender19 { dev.slipway.platform.Role role; }")),
        arguments(
            PACKAGES_DEPEND_IN_ONE_DIRECTION,
            List.of("package dev.slipway.misplaced; class Offender20 {}")),
        arguments(
            NO_CYCLES,
            List.of(
                "package dev.slipway.plan; public class Offender1 { dev.slipway.command.Partner1 other; }",
                "package dev.slipway.command; public class Partner1 { dev.slipway.plan.Offender1 other; }")),
        arguments(
            DECIDING_TOUCHES_NOTHING,
            List.of("package dev.slipway.plan; class Offender2 { java.time.Clock clock; }")),
        arguments(
            DECIDING_TOUCHES_NOTHING,
            List.of("package dev.slipway.platform; class Offender3 { java.io.File file; }")),
        arguments(
            DECIDING_TOUCHES_NOTHING,
            List.of(
                "package dev.slipway.release; class Offender4 {"
                    + " boolean there() { return java.nio.file.Files.exists(null); } }")),
        arguments(
            DECIDING_TOUCHES_NOTHING,
            List.of("package dev.slipway.image; class Offender5 { java.net.Socket socket; }")),
        arguments(
            DECIDING_TOUCHES_NOTHING,
            List.of("package dev.slipway.command; class Offender6 { ProcessBuilder builder; }")),
        arguments(
            DECIDING_ASKS_NEITHER_TIME_NOR_ENVIRONMENT,
            List.of(
                "package dev.slipway.plan; class Offender7 { Object now = java.time.Instant.now(); }")),
        arguments(
            DECIDING_ASKS_NEITHER_TIME_NOR_ENVIRONMENT,
            List.of(
                "package dev.slipway.command; class Offender8 { String tag = System.getenv(\"T\"); }")),
        arguments(
            SSH_HAS_ONE_DOOR,
            List.of(
                "package dev.slipway.deploy; class Offender9 { com.jcraft.jsch.JSch library; }")),
        arguments(
            DOCKER_HAS_ONE_DOOR,
            List.of(
                "package dev.slipway.publish; class Offender10 {"
                    + " com.github.dockerjava.api.DockerClient library; }")),
        arguments(
            ARCHIVES_HAVE_ONE_DOOR,
            List.of(
                "package dev.slipway.effect.git; class Offender11 {"
                    + " org.apache.commons.compress.archivers.tar.TarArchiveEntry library; }")),
        arguments(
            ARCHIVES_SAY_THE_CHARACTER_SET_OF_THEIR_NAMES,
            List.of(
                "package dev.slipway.effect.docker; class Offender17 {"
                    + " Object open(java.io.InputStream in) {"
                    + " return new org.apache.commons.compress.archivers.tar.TarArchiveInputStream(in); } }")),
        arguments(
            DATABASES_HAVE_ONE_DOOR,
            List.of(
                "package dev.slipway.migrations; class Offender16 { java.sql.Connection library; }")),
        arguments(
            HTTP_HAS_ONE_DOOR,
            List.of(
                "package dev.slipway.health; class Offender12 { java.net.http.HttpClient library; }")),
        arguments(
            THE_COMMAND_LINE_HAS_ONE_DOOR,
            List.of(
                "package dev.slipway.deploy; @picocli.CommandLine.Command class Offender13 {}")),
        arguments(
            PROCESSES_HAVE_ONE_DOOR,
            List.of(
                "package dev.slipway.effect.ssh; class Offender14 {"
                    + " Object start() { return new ProcessBuilder(\"id\"); } }")),
        arguments(
            ONLY_THE_COMMAND_LINE_PRINTS,
            List.of(
                "package dev.slipway.deploy; class Offender15 { void say() { System.out.println(); } }")));
  }

  @ParameterizedTest
  @MethodSource("offences")
  void theRuleCatchesAClassThatBreaksIt(ArchRule rule, List<String> offenders) {
    JavaClasses bad =
        new ClassFileImporter()
            .importPaths(offenders.stream().map(ArchitectureTest::classFile).toList());

    assertThat(rule.allowEmptyShould(true).evaluate(bad).hasViolation()).isTrue();
  }

  private static Path classFile(String source) {
    return folder
        .resolve("classes")
        .resolve(packageOf(source).replace('.', '/'))
        .resolve(nameOf(source) + ".class");
  }

  private static String packageOf(String source) {
    return source.replaceFirst("package ([a-z.]+);.*", "$1");
  }

  private static String nameOf(String source) {
    return source.replaceFirst(".*?class (\\w+) .*", "$1");
  }

  /** Compiles every offender at once: starting the compiler is what takes time. */
  @BeforeAll
  static void compileOffenders() throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.resolve("classes").toString()));
    for (String source : offences().flatMap(each -> sources(each).stream()).toList()) {
      Path file = folder.resolve(nameOf(source) + ".java");
      Files.writeString(file, source);
      arguments.add(file.toString());
    }
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    assertThat(status).isZero();
  }

  private static List<String> sources(Arguments offence) {
    return ((List<?>) offence.get()[1]).stream().map(String::valueOf).toList();
  }
}
