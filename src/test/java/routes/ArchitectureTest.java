package routes;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of docs/design.md, section Packages: what fails names the rule and each place that breaks it. There are no exceptions. */
class ArchitectureTest {

    /** From the top. */
    private static final List<String> PACKAGES = List.of("cli", "api", "hooks", "kubernetes", "nats", "event", "net");

    private static final JavaClasses MAIN = new ClassFileImporter().importPath(Path.of("target/classes/routes"));

    @Test
    void eachPackageKnowsOnlyThoseFurtherDown() {
        LayeredArchitecture layers = layeredArchitecture().consideringOnlyDependenciesInLayers().layer("Opsbus").definedBy("routes");
        for (String name : PACKAGES) {
            layers = layers.layer(name).definedBy("routes." + name + "..");
        }
        for (int i = 0; i < PACKAGES.size(); i++) {
            String[] below = PACKAGES.subList(i + 1, PACKAGES.size()).toArray(String[]::new);
            layers = below.length == 0 ? layers.whereLayer(PACKAGES.get(i)).mayNotAccessAnyLayer() : layers.whereLayer(PACKAGES.get(i)).mayOnlyAccessLayers(below);
        }
        layers.as("each package knows only those further down: " + String.join(" → ", PACKAGES)).check(MAIN);
    }

    @Test
    void everyPackageIsInTheListAndOnThePage() throws Exception {
        Set<String> there = MAIN.stream().map(type -> type.getPackageName().replaceFirst("^routes\\.?", "").replaceFirst("\\..*", "")).filter(name -> !name.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(there).containsExactlyInAnyOrderElementsOf(PACKAGES);
        String page = Files.readString(Path.of("docs/design.md"));
        assertThat(page.substring(page.indexOf("## Packages"))).containsSubsequence(PACKAGES.stream().map(name -> "| `" + name + "` |").toList());
    }

    @Test
    void everyTestThatThePagesNameIsThere() throws Exception {
        Set<String> there;
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            there = files.map(file -> file.getFileName().toString().replace(".java", "")).collect(Collectors.toSet());
        }
        for (String page : List.of("docs/design.md", "CONTRIBUTING.md", "src/test/resources/compat/README.md")) {
            List<String> named = Pattern.compile("\\b[A-Z]\\w+Test\\b").matcher(Files.readString(Path.of(page))).results().map(MatchResult::group).toList();
            assertThat(named).as(page).isNotEmpty().allMatch(there::contains);
        }
    }

    @Test
    void eventAndNetKnowNeitherCamelNorSpring() {
        noClasses().that().resideInAnyPackage("routes.event..", "routes.net..").should().dependOnClassesThat().resideInAnyPackage("org.apache.camel..", "org.springframework..")
                .as("packages event and net know neither Camel nor Spring").check(MAIN);
    }

    @Test
    void theDoorOutKnowsNothingOfTheRestOfHooks() {
        noClasses().that().resideInAPackage("routes.hooks.http..").should().dependOnClassesThat().resideInAPackage("routes.hooks")
                .as("package hooks.http, the door out, knows nothing of the rest of hooks").check(MAIN);
    }

    @Test
    void noPackageDependsOnItselfByWayOfOthers() {
        slices().assignedFrom(new EachPackage()).should().beFreeOfCycles().as("no package depends on itself by way of others").check(MAIN);
    }

    @Test
    void noTestIsSkipped() {
        noClasses().should().dependOnClassesThat(describe("skip tests", type -> type.getSimpleName().equals("Disabled") || type.getSimpleName().equals("Assumptions")
                        || type.getPackageName().equals("org.junit.jupiter.api.condition")))
                .as("no test is skipped: what a machine lacks is installed by ./opsbus test, and what needs a real cluster has a tag")
                .check(new ClassFileImporter().importPath(Path.of("target/test-classes/routes")));
    }

    private static final class EachPackage implements SliceAssignment {

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "each package";
        }
    }
}
