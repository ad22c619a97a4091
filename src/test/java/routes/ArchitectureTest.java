package routes;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.slf4j.Logger;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;

/**
 * The rules of docs/design.md, section Packages: what fails names the rule and each place that breaks it. There are no
 * exceptions.
 */
class ArchitectureTest {

    /** What a stranger still takes in at a glance. */
    private static final int MOST_CLASSES = 30;

    private static final int MOST_LINES = 300;

    private static final JavaClasses MAIN = new ClassFileImporter().importPath(Path.of("target/classes/routes"));

    /** From the page, in its order: package, and the packages it may know. */
    private static Map<String, List<String>> page() throws IOException {
        String page = Files.readString(Path.of("docs/design.md"));
        Map<String, List<String>> knows = new LinkedHashMap<>();
        Pattern.compile("(?m)^\\| `([a-z.]+)` \\| ([^|]*) \\|")
                .matcher(page.substring(page.indexOf("## Packages")))
                .results()
                .forEach(row -> knows.put(
                        row.group(1),
                        Pattern.compile("`([a-z.]+)`")
                                .matcher(row.group(2))
                                .results()
                                .map(known -> known.group(1))
                                .toList()));
        return knows;
    }

    private static String name(JavaClass type) {
        return type.getPackageName().replaceFirst("^routes\\.?", "");
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            assertThat(sources).isNotEmpty();
            return sources;
        }
    }

    @TestFactory
    Stream<DynamicTest> eachPackageKnowsThoseThatItsRowNames() throws Exception {
        Map<String, List<String>> page = page();
        assertThat(page).isNotEmpty();
        return page.entrySet().stream()
                .map(row -> dynamicTest(row.getKey(), () -> {
                    String[] known = Stream.concat(Stream.of(row.getKey()), row.getValue().stream())
                            .map(name -> "routes." + name)
                            .toArray(String[]::new);
                    noClasses()
                            .that()
                            .resideInAPackage("routes." + row.getKey())
                            .should()
                            .dependOnClassesThat(resideInAPackage("routes..").and(not(resideInAnyPackage(known))))
                            .as("package " + row.getKey() + " knows "
                                    + (row.getValue().isEmpty()
                                            ? "none of the others"
                                            : String.join(", ", row.getValue()))
                                    + " (docs/design.md)")
                            .check(MAIN);
                    Set<String> really = MAIN.stream()
                            .filter(type -> name(type).equals(row.getKey()))
                            .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                            .map(Dependency::getTargetClass)
                            .filter(type -> type.getPackageName().startsWith("routes"))
                            .map(ArchitectureTest::name)
                            .collect(Collectors.toSet());
                    assertThat(really)
                            .as("packages that %s knows, and its row in docs/design.md names", row.getKey())
                            .containsAll(row.getValue());
                }));
    }

    @Test
    void eachPackageKnowsOnlyThoseFurtherDownThePage() throws Exception {
        List<String> order = List.copyOf(page().keySet());
        page().forEach((name, known) -> assertThat(order.subList(order.indexOf(name) + 1, order.size()))
                .as("packages below %s in docs/design.md", name)
                .containsAll(known));
    }

    @Test
    void everyPackageIsOnThePage() throws Exception {
        assertThat(MAIN.stream()
                        .map(ArchitectureTest::name)
                        .filter(name -> !name.isEmpty())
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(page().keySet());
    }

    @Test
    void noPackageHasMoreClassesThanOneTakesInAtAGlance() {
        Map<String, Long> sizes = MAIN.stream()
                .filter(JavaClass::isTopLevelClass)
                .collect(Collectors.groupingBy(JavaClass::getPackageName, TreeMap::new, Collectors.counting()));
        assertThat(sizes)
                .isNotEmpty()
                .allSatisfy((name, size) ->
                        assertThat(size).as("classes of package %s", name).isLessThanOrEqualTo(MOST_CLASSES));
    }

    @Test
    void everyTestThatThePagesNameIsThere() throws Exception {
        Set<String> there;
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            there = files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toSet());
        }
        for (String page : List.of("docs/design.md", "CONTRIBUTING.md", "src/test/resources/compat/README.md")) {
            List<String> named = Pattern.compile("\\b[A-Z]\\w+Test\\b")
                    .matcher(Files.readString(Path.of(page)))
                    .results()
                    .map(MatchResult::group)
                    .toList();
            assertThat(named).as(page).isNotEmpty().allMatch(there::contains);
        }
    }

    @Test
    void eventAndNetKnowNeitherCamelNorSpring() {
        noClasses()
                .that()
                .resideInAnyPackage("routes.event..", "routes.net..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.camel..", "org.springframework..")
                .as("packages event and net know neither Camel nor Spring")
                .check(MAIN);
    }

    @Test
    void noPackageDependsOnItselfByWayOfOthers() {
        slices().assignedFrom(new Each("package", JavaClass::getPackageName))
                .should()
                .beFreeOfCycles()
                .as("no package depends on itself by way of others")
                .check(MAIN);
    }

    @Test
    void noClassDependsOnItselfByWayOfOthers() {
        slices().assignedFrom(new Each("class", type -> type.getName().replaceFirst("\\$.*", "")))
                .should()
                .beFreeOfCycles()
                .as("no class depends on itself by way of others, where a nested class is its outer one")
                .check(MAIN);
    }

    @Test
    void whatIsLongSaysWhyInItsFirstComment() throws Exception {
        for (Path source : sources()) {
            String text = Files.readString(source);
            String firstComment = text.substring(0, text.indexOf("*/") + 1);
            assertThat(firstComment.contains("Long because "))
                    .as(
                            "the first comment of %s has the words Long because, as that of a class with more than %d lines and no other does",
                            source, MOST_LINES)
                    .isEqualTo(text.lines()
                                    .filter(line -> !line.matches("(package|import) .*"))
                                    .count()
                            > MOST_LINES);
        }
    }

    /** Bytecode knows no constants any more. */
    @Test
    void subjectsOfEventsAndIdsOfMessagesAreMadeInOnePlaceEach() throws Exception {
        Pattern beginningOfSubject = Pattern.compile("\"ops\\.([a-z]+\\.)*\"");
        Pattern idOfMessage = Pattern.compile("MSG_ID_HDR|\"Nats-Msg-Id\"");
        for (Path source : sources()) {
            String text = Files.readString(source);
            assertThat(beginningOfSubject.matcher(text).find())
                    .as("%s writes the beginning of an event's subject, as only event/Subject does", source)
                    .isEqualTo(source.endsWith("event/Subject.java"));
            assertThat(idOfMessage.matcher(text).find())
                    .as("%s knows the header of a message's id, as only nats/WireHeaders does", source)
                    .isEqualTo(source.endsWith("nats/WireHeaders.java"));
        }
    }

    @Test
    void loggersAreNamedAlike() {
        fields().that()
                .haveRawType(Logger.class)
                .should()
                .bePrivate()
                .andShould()
                .beStatic()
                .andShould()
                .beFinal()
                .andShould()
                .haveName("LOG")
                .as("each class that logs has one private static final Logger LOG")
                .check(MAIN);
    }

    @Test
    void noTestIsSkipped() {
        noClasses()
                .should()
                .dependOnClassesThat(describe(
                        "skip tests",
                        type -> type.getSimpleName().equals("Disabled")
                                || type.getSimpleName().equals("Assumptions")
                                || type.getPackageName().equals("org.junit.jupiter.api.condition")))
                .as(
                        "no test is skipped: what a machine lacks is installed by ./opsbus test, and what needs a real cluster has a tag")
                .check(new ClassFileImporter().importPath(Path.of("target/test-classes/routes")));
    }

    @Test
    void theApplicationOfATestEndsWithIt() {
        classes()
                .that()
                .areAnnotatedWith(SpringBootTest.class)
                .should()
                .beAnnotatedWith(DirtiesContext.class)
                .as("a test's application ends with it: two at once in a JVM would have other names in JMX")
                .check(new ClassFileImporter().importPath(Path.of("target/test-classes/routes")));
    }

    /** @param name of the slice of a type */
    private record Each(String what, Function<JavaClass, String> name) implements SliceAssignment {

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(name.apply(type));
        }

        @Override
        public String getDescription() {
            return "each " + what;
        }
    }
}
