package routes.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.springboot.PlatformHttpMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import routes.api.rest.RequestBody;

/**
 * The end of route {@code demo-inbox}: where the sample hooks deliver in a demo. A line in the log for each delivery,
 * for requests from this machine only; to all others it is not there.
 */
@Component("demoInbox")
public class DemoInbox implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger("inbox");
    private static final String PATH = "/demo/inbox";
    private static final int LONGEST = 240;
    /** Labels of the readable text that tell a newcomer nothing. */
    private static final List<String> SKIPPED = List.of("cluster:", "type:", "timestamp:", "from:");

    private final ObjectMapper json = new ObjectMapper();

    @Override
    public void process(Exchange exchange) throws UnknownHostException {
        Message message = exchange.getMessage();
        HttpServletRequest request = exchange.getIn(PlatformHttpMessage.class).getRequest();
        boolean local = InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress();
        if (local) {
            LOG.info(
                    "{} <- {}, attempt {}: {}",
                    onOneLine(request.getRequestURI().substring(PATH.length())),
                    onOneLine(request.getHeader("Opsbus-Hook")),
                    onOneLine(request.getHeader("Opsbus-Attempt")),
                    summary(new String(RequestBody.of(request).read(), StandardCharsets.UTF_8)));
        }
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, local ? 200 : 404);
        message.setBody("");
    }

    /** What matters of a request's text, on one line. */
    String summary(String body) {
        String summary = text(body)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && SKIPPED.stream().noneMatch(line::startsWith))
                .map(DemoInbox::onOneLine)
                .collect(Collectors.joining(" | "));
        return summary.length() > LONGEST ? summary.substring(0, LONGEST) + "…" : summary;
    }

    /** A chat message wraps the text in JSON. */
    private String text(String body) {
        try {
            JsonNode content = json.readTree(body).findValue("content");
            return content != null && content.isTextual() ? content.textValue() : body;
        } catch (IOException notJson) {
            return body;
        }
    }

    private static String onOneLine(String text) {
        return text == null ? "-" : text.replaceAll("\\p{Cntrl}", " ");
    }
}
