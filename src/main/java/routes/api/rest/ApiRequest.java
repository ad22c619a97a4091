package routes.api.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.springboot.PlatformHttpMessage;
import org.springframework.web.util.UriUtils;
import routes.event.Rfc3339;

/** What a client sent, read from the request itself: Camel headers could be mixed with what a client calls its own. */
public final class ApiRequest {

    /** Numbers stay what they are: as doubles, some become others, or the text Infinity. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final String BASE = "/api/v1/";

    private final HttpServletRequest request;
    private final byte[] body;
    private final List<String> path;

    private ApiRequest(HttpServletRequest request, byte[] body) {
        this.request = request;
        this.body = body;
        String below =
                request.getRequestURI().substring(request.getContextPath().length() + BASE.length());
        this.path = Stream.of(below.split("/", -1))
                .map(segment -> UriUtils.decode(segment, StandardCharsets.UTF_8))
                .toList(); // ApiFilter lets no other pass
        if (path.stream().anyMatch(segment -> segment.isEmpty() || segment.equals(".") || segment.equals(".."))) {
            throw ApiException.bad("the path has a segment that is empty, . or .."); // the container resolves them
        }
    }

    /**
     * @throws ApiException for a path that means one thing to the container and another here, or a body that is too
     *     large
     */
    public static ApiRequest of(Exchange exchange) {
        HttpServletRequest request = exchange.getIn(PlatformHttpMessage.class).getRequest();
        return new ApiRequest(request, RequestBody.of(request).read());
    }

    /** For a request that Camel does not serve; without body. */
    public static ApiRequest of(HttpServletRequest request) {
        return new ApiRequest(request, new byte[0]);
    }

    /** A segment of the path below {@code /api/v1/}, decoded: 0 is {@code events} in {@code /api/v1/events/ops.>}. */
    public String path(int segment) {
        return path.get(segment);
    }

    /** A query parameter; null when it is absent or empty. */
    public String query(String name) {
        String value = request.getParameter(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** @throws ApiException when it is not a whole number within the bounds */
    public long query(String name, long absent, long least, long most) {
        String value = query(name);
        if (value == null) {
            return absent;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw ApiException.bad("query parameter " + name + " is \"" + value + "\"; write a whole number from " + least
                + " to " + most);
    }

    /**
     * A time in RFC 3339, also with the {@code +} of its offset unencoded, or in milliseconds since 1970; or
     * null. @throws ApiException when it is neither
     */
    public Instant time(String name) {
        String value = query(name);
        if (value == null) {
            return null;
        }
        try {
            return value.chars().allMatch(c -> c >= '0' && c <= '9')
                    ? Instant.ofEpochMilli(Long.parseLong(value))
                    : java.util.Optional.ofNullable(Rfc3339.time(value.replace(' ', '+')))
                            .orElseThrow(() -> new DateTimeException("not RFC 3339"))
                            .toInstant();
        } catch (NumberFormatException | DateTimeException e) {
            throw ApiException.bad("query parameter " + name + " is \"" + value
                    + "\"; write a time as 2026-01-31T08:00:00Z or in milliseconds since 1970");
        }
    }

    /** A header; null when it is absent. */
    public String header(String name) {
        return request.getHeader(name);
    }

    /** The media type without its parameters, lower case; empty when the client gave none. */
    public String contentType() {
        String type = request.getHeader("Content-Type");
        return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(java.util.Locale.ROOT);
    }

    public byte[] body() {
        return body;
    }

    /** @throws ApiException when the body is not JSON */
    public JsonNode json() {
        try {
            JsonNode read = JSON.readTree(body);
            if (read == null || read.isMissingNode()) {
                throw ApiException.bad("the body is empty; send JSON");
            }
            return read;
        } catch (JsonProcessingException e) {
            throw ApiException.bad(problem(e));
        } catch (IOException e) {
            throw ApiException.bad("the body can't be read: " + e.getMessage());
        }
    }

    /** What the parser says, without the names of its classes and settings. */
    private static String problem(JsonProcessingException e) {
        String message = e.getOriginalMessage();
        if (e instanceof StreamConstraintsException) { // without a place
            return "the body is JSON beyond the parser's limits: " + message.replaceAll(", from `[^`]*`", "");
        }
        return "the body is not JSON: line " + e.getLocation().getLineNr() + ", column "
                + e.getLocation().getColumnNr() + ": "
                + message.replaceFirst("\\s*\\(start marker at.*", "")
                        .replaceFirst("\\s*[:(][^:(]*(`com\\.|Feature).*", "");
    }

    /** Whether its client has closed the connection. To be asked on the request's own thread. */
    boolean isClientGone() {
        return GoneClient.isGone(request);
    }

    public HttpServletRequest servletRequest() {
        return request;
    }
}
