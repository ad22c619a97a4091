package routes.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/**
 * Debian's Chromium without a window; one for all tests, since starting it takes longer than most of them. Every page
 * tells what went wrong in it.
 */
final class Browser {

    private static final Path PICTURES = Path.of("target", "screenshots");
    /** Collects what must not happen: scripts of strangers, violations of the content security policy, errors. */
    private static final String WATCH = """
            window.problems = [];
            window.alert = window.confirm = window.prompt = text => window.problems.push('alert ' + text);
            addEventListener('securitypolicyviolation', event => window.problems.push('CSP ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile));
            addEventListener('error', event => window.problems.push('error ' + event.message), true);
            addEventListener('unhandledrejection', event => window.problems.push('rejection ' + event.reason));
            """;

    private static Browser shared;

    private final ChromeDriver driver;

    private Browser() throws IOException {
        Path profile = Files.createTempDirectory("opsbus-chromium");
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(program("chromedriver").toFile())
                .usingAnyFreePort()
                .withSilent(true)
                .build();
        ChromeOptions options = new ChromeOptions();
        options.setBinary(program("chromium").toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--lang=en",
                "--window-size=1280,900",
                "--user-data-dir=" + profile);
        driver = new ChromeDriver(service, options);
        driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(30));
        driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", WATCH));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(profile)));
        Files.createDirectories(PICTURES);
    }

    /** With nothing kept of what was seen before: the port of a server that is gone may be the next one's. */
    static synchronized Browser get() throws IOException {
        if (shared == null) {
            shared = new Browser();
        }
        shared.driver.executeCdpCommand("Storage.clearDataForOrigin", Map.of("origin", "*", "storageTypes", "all"));
        return shared;
    }

    private static Path program(String name) {
        return Stream.of("/usr/bin", "/usr/local/bin")
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError(
                                "there is no " + name
                                        + ", which the tests of the console need: apt-get install chromium chromium-driver (./opsbus test does it)"));
    }

    private void end(Path profile) {
        driver.quit();
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            System.err.println(profile + " stays: " + e);
        }
    }

    /** Looks at once and often: a page is there within a few milliseconds. */
    static ConditionFactory await() {
        return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20));
    }

    static ConditionFactory await(String what) {
        return Awaitility.await(what).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20));
    }

    ChromeDriver driver() {
        return driver;
    }

    /** Opens a place anew, at 1280 x 900 in light colours unless told otherwise. */
    void open(String url) {
        look(1280, 900, "light");
        driver.get("about:blank");
        driver.get(url);
    }

    void look(int width, int height, String scheme) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    WebElement find(String css) {
        return await().until(
                        () -> driver.findElements(By.cssSelector(css)).stream()
                                .findFirst()
                                .orElse(null),
                        element -> element != null);
    }

    List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    /** Waits until the text of some element of that kind has it. */
    void awaitText(String css, String text) {
        await("\"" + text + "\" in " + css + " of " + driver.getCurrentUrl())
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(text(css)).contains(text));
    }

    String text(String css) {
        return String.valueOf(
                run("return [...document.querySelectorAll(arguments[0])].map(e => e.innerText).join('\\n')", css));
    }

    void click(String css) {
        await().ignoreException(StaleElementReferenceException.class)
                .untilAsserted(() -> find(css).click());
    }

    void choose(String select, String value) {
        click(select + " option[value='" + value + "']");
    }

    void keys(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    /** Tabs on until an element of that kind has the focus. */
    void tabTo(String css) {
        for (int i = 0; i < 60; i++) {
            if (Boolean.TRUE.equals(run("return document.activeElement.matches(arguments[0])", css))) {
                assertThat(run("return getComputedStyle(document.activeElement).outlineStyle"))
                        .as("the focus on " + css + " is seen")
                        .isNotEqualTo("none");
                return;
            }
            keys(Keys.TAB);
        }
        throw new AssertionError("the keyboard does not reach " + css + "; the focus is on "
                + run("return document.activeElement.outerHTML.slice(0, 300)"));
    }

    Path picture(String name) throws IOException {
        return Files.write(PICTURES.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    /** What went wrong in the page since it was opened. */
    List<?> problems() {
        return (List<?>) run("return window.problems");
    }
}
