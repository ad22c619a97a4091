package routes.api.rest;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.springboot.PlatformHttpMessage;
import org.apache.camel.spi.RestClientRequestValidator;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/**
 * Camel's request validation by openapi.yaml, with answers in the API's form. Camel's own reads a body as text in some
 * encoding and parses all of it; here operations do that once and say where it is wrong.
 */
@Component
final class ContractValidator implements RestClientRequestValidator {

    /** What clients send that were told nothing: the original's, and curl -d. */
    private static final Set<String> UNSAID = Set.of("", MediaType.APPLICATION_FORM_URLENCODED_VALUE);

    @Override
    public ValidationError validate(Exchange exchange, ValidationContext operation) {
        HttpServletRequest request = exchange.getIn(PlatformHttpMessage.class).getRequest();
        try {
            check(request, operation);
            return null;
        } catch (ApiException e) {
            exchange.getMessage().removeHeaders("*");
            exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, Answer.CONTENT_TYPE);
            return new ValidationError(
                    e.status(),
                    new String(Answer.failed(e.status(), e.getMessage()).json(), StandardCharsets.UTF_8));
        }
    }

    private static void check(HttpServletRequest request, ValidationContext operation) {
        if (operation.consumes() != null) {
            checkContentType(request, operation.consumes());
        }
        if (!accepts(request.getHeader("Accept"))) {
            throw new ApiException(
                    406,
                    "every answer is " + Answer.CONTENT_TYPE + "; leave the header Accept out, or let it allow that");
        }
        for (String name :
                operation.requiredQueryParameters() == null ? Set.<String>of() : operation.requiredQueryParameters()) {
            if (request.getParameter(name) == null) {
                throw ApiException.bad("the query parameter " + name + " is missing");
            }
        }
    }

    private static void checkContentType(HttpServletRequest request, String consumes) {
        String sent = request.getHeader("Content-Type");
        if (sent == null || consumes.contains(MediaType.ALL_VALUE)) {
            return;
        }
        List<MediaType> types = MediaType.parseMediaTypes(consumes);
        try {
            MediaType type = MediaType.parseMediaType(sent);
            if (!UNSAID.contains(type.getType() + "/" + type.getSubtype())
                    && types.stream().noneMatch(type::equalsTypeAndSubtype)) {
                throw new ApiException(415, "the body's Content-Type is none of " + consumes);
            }
        } catch (InvalidMediaTypeException e) {
            throw new ApiException(415, "the header Content-Type can't be read; write one of " + consumes);
        }
    }

    private static boolean accepts(String accept) {
        if (accept == null || accept.isBlank()) {
            return true;
        }
        try {
            return MediaType.parseMediaTypes(accept).stream()
                    .anyMatch(range -> range.getQualityValue() > 0 && range.includes(MediaType.APPLICATION_JSON));
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }
}
